import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { KubeObject } from '../../shared/kinds/object.ts';
import { applyCredentials } from './fleet.ts';
import { type Host, startHost } from './host.ts';
import { cluster, deployment, machine, platforms, yamlOf } from './manifests.ts';

let host: Host;
beforeAll(async () => {
  host = await startHost('--boot-seconds', '0.5');
});
afterAll(() => host.close());

const configMap = (name: string, owner?: KubeObject): object => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: {
    name,
    namespace: 'default',
    ...(owner !== undefined && {
      ownerReferences: [
        { apiVersion: 'v1', kind: 'ConfigMap', name: owner.metadata.name, uid: owner.metadata.uid, blockOwnerDeletion: true },
      ],
    }),
  },
});

describe('kubectl delete --cascade', () => {
  it.each([
    ['background', ''],
    ['foreground', ''],
    ['orphan', 'child'],
  ])('%s', async (cascade, left) => {
    await host.apply(configMap('parent'));
    await host.apply(configMap('child', await host.get('configmap', 'parent')));
    expect(await host.must('delete', 'configmap', 'parent', `--cascade=${cascade}`)).toContain('configmap "parent" deleted');
    // What goes in the background may still be on its way.
    if (cascade === 'background') await host.must('wait', 'configmap/child', '--for=delete', '--timeout=20s');
    expect(await host.must('get', 'configmaps', '-o', 'jsonpath={.items[*].metadata.name}')).toBe(left);
    if (cascade === 'orphan') expect((await host.get('configmap', 'child')).metadata.ownerReferences).toBeUndefined();
  });
});

describe('kubectl delete namespace', () => {
  it('returns when its Clusters, Machines and Secrets are gone, and what they were in the clouds', async () => {
    await applyCredentials(host);
    await host.must('create', 'namespace', 'demo');
    const manifest = yamlOf([
      cluster('fleet', host.endpoints().reservedAddresses.gce.slice(0, 1)),
      machine('fleet-master-0', { cluster: 'fleet', platform: platforms.gce, set: 'master' }),
      deployment('workers', 2, { cluster: 'fleet', platform: platforms.aws }),
    ]).replaceAll('namespace: default', 'namespace: demo');
    expect((await host.tryApply(manifest, '-n', 'demo')).code).toBe(0);
    await host.must('wait', 'clusters/fleet', '-n', 'demo', '--for=condition=Ready', '--timeout=60s');
    await host.must('wait', 'machines', '--all', '-n', 'demo', '--for=condition=Ready', '--timeout=60s');
    await host.must('create', 'secret', 'generic', 'mine', '-n', 'demo', '--from-literal=a=b');
    expect(await host.must('delete', 'namespace', 'demo', '--timeout=100s')).toContain('namespace "demo" deleted');
    expect(await host.must('get', 'clusters,machines,machinesets,machinedeployments,secrets,configmaps', '-n', 'demo', '-o', 'name')).toBe(
      '',
    );
    const { aws, gce } = await host.clouds();
    expect([...aws.instances, ...gce.instances].filter(({ state }) => !/terminated/i.test(state))).toEqual([]);
    expect((await host.kubectl.run(['get', 'namespace', 'demo'])).stderr).toContain('namespaces "demo" not found');
  });

  it('is refused for those that the plane needs', async () => {
    expect((await host.kubectl.run(['delete', 'namespace', 'default'])).stderr).toContain('this namespace may not be deleted');
  });
});
