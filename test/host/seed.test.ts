import { execFile, spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { demoCredentials } from '../../infra/local/clouds/aws/signature.ts';
import { base64 } from '../../infra/local/demo/credentials.ts';
import { must } from '../../infra/local/demo/observe.ts';
import { systemClock } from '../../infra/system.ts';
import { createNodes } from '../../shared/nodes/create-nodes.ts';
import { serviceAccount } from './credentials.ts';
import { eventually, type Host, startHost, untilReady } from './host.ts';
import { systemNamespace } from './manifests.ts';
import { findSecrets, secretsOf } from './secrets.ts';

const manifests = new URL('../../../shared/seed/manifests/', import.meta.url);
const seed = existsSync(manifests) ? describe : describe.skip;
if (seed === describe.skip) console.warn('skipped: the manifests of the seed document are not beside the repository');
const manifest = (name: string): string => readFileSync(new URL(name, manifests), 'utf8');

seed("the seed's manifests, with a real kubectl at `npm start`", () => {
  const account = serviceAccount('https://example.invalid/token');
  let host: Host;
  let address: string;

  beforeAll(async () => {
    host = await startHost('--boot-seconds', '0.5', '--verbose');
    address = host.endpoints().reservedAddresses.gce[0]!;
  });
  afterAll(() => host.close());

  const credentials = (): string =>
    manifest('credentials.yaml')
      .replace('{{BASE64_ENCODED_AWS_CREDS}}', base64(demoCredentials))
      .replace('{{BASE64_ENCODED_GCE_CREDS}}', base64(account.replace('https://example.invalid', host.endpoints().clouds.gce)));

  const gceCluster = (): string => manifest('talos-gce.yaml').replaceAll('x.x.x.x', address);

  it('apply with only credentials, address and key pair filled in', async () => {
    expect(await host.tryApply(credentials())).toMatchObject({ code: 0 });
    for (const text of [gceCluster(), manifest('talos-aws-workers.yaml').replace('{{AWS_KEY_NAME}}', host.endpoints().keyPairs.aws[0]!)])
      expect(await host.tryApply(text)).toMatchObject({ code: 0, stderr: '' });
  });

  it('are followed by `kubectl get machines -w` until all are running', async () => {
    const watch = await host.kubectl.start(['get', 'machines', '-w', '--output-watch-events']);
    await untilReady(host, 7);
    const rows = () =>
      watch
        .stdout()
        .trimEnd()
        .split('\n')
        .slice(1)
        .map((line) => line.split(/ {2,}/));
    await eventually(async () => {
      const notRunning = [...new Map(rows().map(([, name, , phase]) => [name, phase]))].filter(([, phase]) => phase !== 'Running');
      return notRunning.length === 0 ? undefined : `the watch has not said that these run: ${notRunning.join(' ')}`;
    }, 5);
    watch.process.kill('SIGINT');
    await watch.output;
    expect(new Set(rows().map(([event]) => event))).toEqual(new Set(['ADDED', 'MODIFIED']));
    expect(new Set(rows().map(([, name]) => name)).size).toBe(7);
  });

  it('satisfy kubectl wait', async () => {
    await host.must('wait', '--for=condition=Ready', 'clusters,machines', '--all', '--timeout=5s');
    await host.must('wait', '--for=jsonpath={.status.availableReplicas}=3', 'machinedeployments', '--all', '--timeout=5s');
  });

  it('give a talosconfig in the ConfigMap that the seed reads, and it opens the master', async () => {
    const talosconfig = await host.must('get', 'cm', '-n', systemNamespace, 'talos-gce-master-0', '-o', 'jsonpath={.data.talosconfig}');
    expect(await host.secretText('talos-gce-talosconfig', 'talosconfig')).toBe(talosconfig);
    const talos = createNodes({ clock: systemClock }).talos(talosconfig, address);
    try {
      expect((await talos.version()).tag).toMatch(/^v1\.13\./);
      expect((await talos.etcdMembers()).map(({ hostname }) => hostname)).toEqual(['talos-gce-master-0']);
    } finally {
      talos.close();
    }
  });

  it("give the seed's table of nodes, over mutual TLS with the generated kubeconfig", async () => {
    const table = (await must(await host.workload('talos-gce'), ['get', 'nodes'])).trimEnd().split('\n').slice(1);
    const names = table.map((line) => line.split(/ +/).slice(0, 3));
    expect(names).toEqual([
      ...Array(3).fill([expect.stringMatching(/^ip-172-31-\d+-\d+$/), 'Ready', '<none>']),
      ['talos-gce-master-0', 'Ready', 'control-plane,master'],
      ...Array(3).fill([expect.stringMatching(/^talos-gce-workers-[a-z0-9]+-[a-z0-9]{5}$/), 'Ready', '<none>']),
    ]);
  });

  it('read well in kubectl describe, explain, wide tables and jsonpath', async () => {
    const described = await host.must('describe', 'machine', 'talos-gce-master-0');
    expect(described).toMatch(/Provider ID: +gce:\/\/talos-testbed\/us-central1-c\/talos-gce-master-0/);
    expect(described).toMatch(/Message: +Node talos-gce-master-0 is ready|Reason: +NodeReady/);
    expect(described).toMatch(/Events:\n +Type +Reason[\s\S]*InstanceRunning[\s\S]*talos-gce-master-0 is running\n/);
    expect(await host.must('get', 'machine', 'talos-gce-master-0', '-o', 'wide')).toContain(address);
    expect(await host.must('get', 'cluster', 'talos-gce', '-o', 'jsonpath={.status.apiEndpoints[0].host}')).toBe(address);
    expect(await host.must('explain', 'machine.spec.providerSpec.value.platform.config')).toMatch(/A YAML document/);
    expect(await host.must('get', 'machinedeployments')).toMatch(/talos-aws-workers +\S+ +3 /);
  });

  it('apply again without a change', async () => {
    const again = await host.tryApply(gceCluster());
    expect(
      again.stdout
        .trimEnd()
        .split('\n')
        .map((line) => line.split(' ').at(-1)),
    ).toEqual(['unchanged', 'unchanged', 'unchanged']);
  });

  const withAws = spawnSync('aws', ['--version']).status === 0 ? it : it.skip;
  withAws('leave executions that the aws command line reads', async () => {
    const { uid } = (await host.get('machine', 'talos-gce-master-0')).metadata;
    const [list, history] = await Promise.all([
      aws('list-executions', '--state-machine-arn', 'arn:aws:states:us-east-1:000000000000:stateMachine:create-machine'),
      aws('get-execution-history', '--execution-arn', `arn:aws:states:us-east-1:000000000000:execution:create-machine:create-${uid}-1`),
    ]);
    expect(list.executions).toHaveLength(7);
    expect(list.executions).toContainEqual(expect.objectContaining({ name: `create-${uid}-1`, status: 'SUCCEEDED' }));
    const entered = history.events.map(({ stateEnteredEventDetails }) => stateEnteredEventDetails?.name);
    const steps = ['RenderBootstrap', 'EnsureInstance', 'AttachAddress', 'AwaitNode', 'Done'];
    expect([...new Set(entered)].filter((name) => name !== undefined && steps.includes(name))).toEqual(steps);
    expect(JSON.stringify(history)).toContain('Node talos-gce-master-0 is ready');
  });

  async function aws(...args: string[]) {
    const { stdout } = await promisify(execFile)(
      'aws',
      ['stepfunctions', ...args, '--endpoint-url', host.endpoints().stepFunctions, '--region', 'us-east-1', '--output', 'json'],
      { env: { ...process.env, AWS_ACCESS_KEY_ID: 'an', AWS_SECRET_ACCESS_KEY: 'operator' } },
    );
    return JSON.parse(stdout) as { executions: object[]; events: { stateEnteredEventDetails?: { name: string } }[] };
  }

  it('keep every secret out of logs, executions and events, and sealed in the store', async () => {
    const everywhere = await findSecrets(host, ['talos-gce-master-0']);
    for (const place of ['the log', 'executions.jsonl', 'the history of create-', 'machines', 'events', 'the item machines'])
      expect(everywhere).toContainEqual(expect.stringContaining(`talos-… in ${place}`));
    const secrets = await secretsOf(host, 'talos-gce', [account]);
    expect(secrets.length).toBeGreaterThan(20);
    expect(await findSecrets(host, secrets)).toEqual([]);
  });

  it('are gone after kubectl delete, in both clouds, and the reserved address is free again', async () => {
    await host.must('delete', 'cluster', 'talos-gce', '--timeout=60s');
    const { aws, gce } = await host.clouds();
    expect([aws.instances, aws.disks, aws.securityGroups, gce.instances, gce.disks, gce.firewalls]).toEqual([[], [], [], [], [], []]);
    expect(gce.addresses.find((reserved) => reserved.address === address)).toMatchObject({ status: 'RESERVED' });
    for (const resource of ['clusters', 'machines', 'machinesets', 'machinedeployments', 'secrets'])
      expect(await host.list(resource)).toEqual([]);
  }, 60_000);
});
