import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Plane, startPlane } from './plane.ts';

/** The real kubectl over HTTPS, about who may do what. The tester is a master, and acts as others. */

let plane: Plane;
const kubectl = async (args: string, stdin?: string): Promise<string> => {
  const { stdout, stderr } = await plane.kubectl.run(args.split(' '), stdin);
  return stdout + stderr;
};
beforeAll(async () => {
  plane = await startPlane();
  await plane.succeed('create rolebinding ada-views --clusterrole=view --user=ada');
  await plane.succeed('create role cm-reader --verb=get,list --resource=configmaps --resource-name=one');
  await plane.succeed('create rolebinding eve-reads --role=cm-reader --group=readers');
  await plane.succeed('create secret generic keys --from-literal=a=b');
  await plane.succeed('create configmap open --from-literal=a=b');
  await plane.succeed('create configmap hidden --from-literal=a=b');
  await plane.succeed('label configmap hidden plastron.dev/sensitive=true');
});
afterAll(() => plane.close());

describe('kubectl makes', () => {
  it.each([
    ['create clusterrole reader --verb=get --resource=machines,secrets', /clusterrole\.rbac\.authorization\.k8s\.io\/reader created/],
    ['create clusterrole prober --verb=get --non-resource-url=/metrics', /prober created/],
    ['create clusterrole all-of-it --aggregation-rule=a=b', /all-of-it created/],
    ['create clusterrolebinding readers --clusterrole=reader --group=readers', /readers created/],
    ['create rolebinding bot --clusterrole=view --serviceaccount=default:bot', /bot created/],
    ['get clusterroles', /^NAME +CREATED AT\n[\s\S]*cluster-admin +\d{4}-\d\d-\d\dT/],
    ['get rolebindings -o wide', /ada-views +ClusterRole\/view +\d+s +ada/],
    ['describe clusterrole view', /configmaps +\[\] +\[\] +\[get list watch\]/],
    ['describe rolebinding ada-views', /Role:\n +Kind: +ClusterRole\n +Name: +view\n/],
  ])('%s', async (args, output) => {
    expect(await kubectl(args)).toMatch(output);
  });

  it('changes of what it has applied', async () => {
    const manifest = (verb: string) =>
      JSON.stringify({
        apiVersion: 'rbac.authorization.k8s.io/v1',
        kind: 'Role',
        metadata: { name: 'applied', namespace: 'default' },
        rules: [{ verbs: [verb], apiGroups: [''], resources: ['events'] }],
      });
    expect(await kubectl('apply -f -', manifest('get'))).toContain('applied created');
    expect(await kubectl('apply -f -', manifest('list'))).toContain('applied configured');
    expect(await kubectl('get role applied -o jsonpath={.rules[0].verbs}')).toBe('["list"]');
    expect(await kubectl('auth reconcile -f -', manifest('watch'))).toContain('reconciled');
    expect(await kubectl('get role applied -o jsonpath={.rules[*].verbs}')).toContain('watch');
  });
});

describe('kubectl auth', () => {
  it.each([
    ['auth can-i delete machines', /^yes\n$/],
    ['auth can-i --list', /^Resources[\s\S]*\*\.\* +\[\] +\[\] +\[\*\]/],
    ['auth can-i get machines --as ada', /^yes\n$/],
    ['auth can-i delete machines --as ada', /^no\n$/],
    ['auth can-i get secrets --as ada', /^no\n$/],
    ['auth can-i get machines --as ada -A', /^no\n$/],
    ['auth can-i get configmap/one --as eve --as-group readers', /^yes\n$/],
    ['auth can-i get configmaps --as eve --as-group readers', /^no\n$/],
    ['auth can-i get /metrics --as ada', /^no\n$/],
    ['auth can-i --list --as ada', /\*\.cluster\.k8s\.io +\[\] +\[\] +\[get list watch\]/],
    ['auth whoami --as ada --as-group devs', /Username +ada\nGroups +\[devs system:authenticated\]/],
  ])('%s', async (args, output) => {
    expect(await kubectl(args)).toMatch(output);
  });
});

describe('as somebody who may look', () => {
  it.each([
    ['get cm', /^NAME +DATA +AGE\nopen +1 +\d+s\n$/],
    ['get cm -o yaml', /^(?![\s\S]*hidden)[\s\S]*name: open/],
    ['get cm hidden', /Error from server \(Forbidden\): configmaps "hidden" is forbidden: User "ada" cannot get resource "configmaps"/],
    [
      'get secrets',
      /Error from server \(Forbidden\): secrets is forbidden: User "ada" cannot list resource "secrets" in API group "" in the namespace "default"/,
    ],
    ['label cm hidden plastron.dev/sensitive-', /Forbidden/],
    ['delete cm open', /cannot delete resource "configmaps"/],
    ['create rolebinding x --clusterrole=admin --user=ada', /cannot create resource "rolebindings"/],
  ])('%s', async (args, output) => {
    expect(await kubectl(`${args} --as ada`)).toMatch(output);
  });
});
