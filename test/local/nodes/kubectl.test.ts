import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { stringify } from 'yaml';
import { kubectl } from '../../../infra/local/kubectl/kubectl.ts';
import type { FakeNodes } from '../../../infra/local/nodes/host.ts';
import { RetryLater } from '../../../shared/errors.ts';
import { bootFirstMaster, closeClients, eventually, kubernetesOf, newCluster, readyNodes, startHost, type TestCluster } from './fixture.ts';

/** A Pod that something other than a DaemonSet looks after, so that a drain may evict it. */
const webPod = (name: string, nodeName: string) => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: {
    name,
    namespace: 'default',
    labels: { app: 'web' },
    ownerReferences: [{ apiVersion: 'apps/v1', kind: 'ReplicaSet', name: 'web', uid: 'rs-1', controller: true }],
  },
  spec: { nodeName, containers: [{ name: 'web', image: 'nginx' }] },
});

const budget = {
  apiVersion: 'policy/v1',
  kind: 'PodDisruptionBudget',
  metadata: { name: 'web', namespace: 'default' },
  spec: { minAvailable: 1, selector: { matchLabels: { app: 'web' } } },
};

describe('a real kubectl, with the generated kubeconfig, at a fake cluster', () => {
  const directory = mkdtempSync(join(tmpdir(), 'plastron-kubectl-'));
  let host: FakeNodes;
  let cluster: TestCluster;
  let workers: string[];
  const { run } = kubectl({ kubeconfig: join(directory, 'kubeconfig') });

  beforeAll(async () => {
    host = startHost();
    cluster = await newCluster();
    writeFileSync(join(directory, 'kubeconfig'), cluster.kubeconfig);
    await bootFirstMaster(host, cluster);
    const machines = ['a', 'b'].map((name) => cluster.worker(name));
    for (const machine of machines) host.powerOn(machine);
    workers = machines.map(({ hostname }) => hostname);
    await eventually(
      () => readyNodes(cluster),
      (names) => names.length === 3,
    );
  });
  afterAll(async () => {
    closeClients();
    await host.close();
    rmSync(directory, { recursive: true });
  });

  it('prints the table of nodes', async () => {
    await kubernetesOf(cluster).patchNode('talos-gce-master-0', { metadata: { labels: { 'node-role.kubernetes.io/master': '' } } });
    await kubernetesOf(cluster).patchNode(workers[0]!, { spec: { unschedulable: true } });
    const table = (await run(['get', 'nodes'])).stdout.trimEnd().split('\n');
    expect(table.map((line) => line.replace(/\d+s/, 'AGE').split(/ {2,}/))).toEqual([
      ['NAME', 'STATUS', 'ROLES', 'AGE', 'VERSION'],
      [workers[0], 'Ready,SchedulingDisabled', '<none>', 'AGE', 'v1.35.2'],
      [workers[1], 'Ready', '<none>', 'AGE', 'v1.35.2'],
      ['talos-gce-master-0', 'Ready', 'control-plane,master', 'AGE', 'v1.35.2'],
    ]);
    const wide = (await run(['get', 'nodes', '-o', 'wide'])).stdout.split('\n');
    expect(wide[0]).toMatch(/INTERNAL-IP +EXTERNAL-IP +OS-IMAGE +KERNEL-VERSION +CONTAINER-RUNTIME/);
    expect(wide[3]).toMatch(new RegExp(`10\\.128\\.\\d+\\.\\d+ +${cluster.addresses[0]} +Talos \\(v1\\.13\\.9\\)`));
    await kubernetesOf(cluster).patchNode(workers[0]!, { spec: { unschedulable: null } });
  });

  it('sees the Pods of the system on each node', async () => {
    const pods = await kubernetesOf(cluster).podsOn(workers[0]!);
    expect(pods.map(({ metadata }) => metadata.ownerReferences?.[0]?.kind)).toEqual(['DaemonSet', 'DaemonSet']);
    expect((await run(['get', 'pods', '-A', '-o', 'wide'])).stdout.trimEnd().split('\n')).toHaveLength(1 + 2 + 2 + 5);
  });

  it('drains a node down to what DaemonSets own, as far as a disruption budget lets it', async () => {
    const objects = [budget, webPod('web-1', workers[0]!), webPod('web-2', workers[1]!)];
    expect(await run(['apply', '-f', '-'], objects.map((object) => stringify(object)).join('---\n'))).toMatchObject({ code: 0 });
    for (const name of ['web-1', 'web-2'])
      await run(['patch', 'pod', name, '--subresource=status', '--type=merge', '-p', '{"status":{"phase":"Running"}}']);

    expect((await run(['drain', workers[0]!, '--ignore-daemonsets', '--timeout=5s'])).stdout).toContain('evicted');
    expect((await kubernetesOf(cluster).podsOn(workers[0]!)).map(({ metadata }) => metadata.namespace)).toEqual([
      'kube-system',
      'kube-system',
    ]);
    const [last] = (await kubernetesOf(cluster).podsOn(workers[1]!)).filter(({ metadata }) => metadata.namespace === 'default');
    await expect(kubernetesOf(cluster).evict(last!)).rejects.toThrow(RetryLater);
    await expect(kubernetesOf(cluster).evict(last!)).rejects.toThrow(/disruption budget/);
    expect(await run(['delete', 'pdb', 'web'])).toMatchObject({ code: 0 });
    await kubernetesOf(cluster).evict(last!);
    await eventually(async () => (await kubernetesOf(cluster).podsOn(workers[1]!)).length === 2);
    await kubernetesOf(cluster).evict(last!);
  });

  it('deletes a Node, and its Pods go with it', async () => {
    host.powerOff(host.state().machines.find(({ node }) => node === workers[1])!.id);
    await kubernetesOf(cluster).deleteNode(workers[1]!, 'another-uid');
    const node = await kubernetesOf(cluster).getNode(workers[1]!);
    await kubernetesOf(cluster).deleteNode(workers[1]!, node!.metadata.uid);
    await eventually(async () => (await kubernetesOf(cluster).podsOn(workers[1]!)).length === 0);
    expect(await kubernetesOf(cluster).getNode(workers[1]!)).toBeUndefined();
  });

  it('is nobody without a certificate of the cluster', async () => {
    const stranger = await newCluster();
    const data = /client-certificate-data: \S+|client-key-data: \S+/g;
    const [certificate, key] = stranger.kubeconfig.match(data)!;
    const mixed = cluster.kubeconfig.replace(data, (line) => (line.startsWith('client-key') ? key! : certificate!));
    await expect(kubernetesOf({ ...cluster, kubeconfig: mixed }).listNodes()).rejects.toThrow(/401/);
  });
});
