import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { FakeNodes } from '../../../infra/local/nodes/host.ts';
import { machineUidAnnotation } from '../../../shared/bootstrap/bootstrap.ts';
import { RetryLater } from '../../../shared/errors.ts';
import {
  bootFirstMaster,
  closeClients,
  eventually,
  kubernetesOf,
  newCluster,
  readyNodes,
  startHost,
  type TestCluster,
  talosOf,
} from './fixture.ts';

afterAll(closeClients);

describe('a cluster of fake nodes', () => {
  let host: FakeNodes;
  let cluster: TestCluster;
  beforeEach(async () => {
    host = startHost();
    cluster = await newCluster(3);
  });
  afterEach(() => host.close());

  it('gets its Nodes when machines join: named by their clouds, with the uid of their Machine and no providerID', async () => {
    await bootFirstMaster(host, cluster);
    const worker = cluster.worker('workers-abcde');
    host.powerOn(worker);
    await eventually(
      () => readyNodes(cluster),
      (names) => names.length === 2,
    );
    const node = await kubernetesOf(cluster).getNode(worker.hostname);
    expect(node).toMatchObject({
      metadata: { annotations: { [machineUidAnnotation]: 'uid-of-workers-abcde' }, labels: { 'kubernetes.io/hostname': worker.hostname } },
      status: { nodeInfo: { kubeletVersion: 'v1.35.2', osImage: 'Talos (v1.13.9)' } },
    });
    expect(node?.status.addresses).toContainEqual({ type: 'InternalIP', address: worker.privateAddress });
    expect(node?.spec.providerID).toBeUndefined();
    expect((await kubernetesOf(cluster).getNode('talos-gce-master-0'))?.spec.taints).toEqual([
      { key: 'node-role.kubernetes.io/control-plane', effect: 'NoSchedule' },
    ]);
  });

  it('lets workers wait that came before etcd was bootstrapped', async () => {
    host.powerOn(cluster.worker('early'));
    host.powerOn(cluster.master(0));
    await eventually(() => host.state().machines.some(({ says }) => /6443: connect: connection refused/.test(says)));
    await eventually(() => talosOf(cluster).bootstrap());
    await eventually(
      () => readyNodes(cluster),
      (names) => names.length === 2,
    );
  });

  it('never lets a worker in whose token is wrong, and the Talos API says why', async () => {
    await bootFirstMaster(host, cluster);
    const stranger = cluster.worker('stranger', ['machine: {token: aaaaaa.bbbbbbbbbbbbbbbb}']);
    const unknown = cluster.worker('unknown', ['cluster: {token: aaaaaa.bbbbbbbbbbbbbbbb}']);
    const welcome = cluster.worker('welcome');
    for (const machine of [stranger, unknown, welcome]) host.powerOn(machine);
    await eventually(
      () => readyNodes(cluster),
      (names) => names.includes(welcome.hostname),
    );

    const talos = talosOf(cluster);
    await expect(talos.services(stranger.privateAddress)).rejects.toThrow(/connection refused.*code = Unauthenticated/);
    expect(await talos.services(unknown.privateAddress)).toContainEqual({
      id: 'kubelet',
      state: 'Running',
      healthy: false,
      message: 'failed to run Kubelet: cannot create certificate signing request: Unauthorized',
    });
    expect((await talos.services(welcome.privateAddress)).every(({ healthy }) => healthy !== false)).toBe(true);
    await expect(talos.services('172.31.250.250')).rejects.toThrow(RetryLater);
    expect(await readyNodes(cluster)).toEqual([welcome.hostname, 'talos-gce-master-0'].sort());
  });

  it('forwards to nodes of its own cluster only', async () => {
    await bootFirstMaster(host, cluster);
    const other = await newCluster(1, 'other');
    const { privateAddress } = await bootFirstMaster(host, other);
    await expect(talosOf(cluster).version(privateAddress)).rejects.toThrow(/unknown authority/);
    expect(await talosOf(other).version(privateAddress)).toBeDefined();
  });

  it('has one etcd, which further masters join by themselves', async () => {
    await bootFirstMaster(host, cluster);
    host.powerOn(cluster.master(1));
    host.powerOn(cluster.master(2));
    const members = await eventually(
      () => talosOf(cluster).etcdMembers(),
      (all) => all.length === 3 && all.every(({ isLearner }) => !isLearner),
    );
    expect(members.map(({ hostname }) => hostname).sort()).toEqual(['talos-gce-master-0', 'talos-gce-master-1', 'talos-gce-master-2']);
    expect(await eventually(() => talosOf(cluster, 1).bootstrap())).toBe('already');
    expect(host.state().clusters).toHaveLength(1);
    await eventually(
      () => readyNodes(cluster),
      (names) => names.length === 3,
    );
  });

  it('is two clusters when somebody bootstraps etcd on two of its masters', async () => {
    host.powerOn(cluster.master(0));
    host.powerOn(cluster.master(1));
    await eventually(() => host.state().machines.every(({ says }) => says.includes('or for Bootstrap')));
    expect(await Promise.all([0, 1].map((index) => eventually(() => talosOf(cluster, index).bootstrap())))).toEqual(['done', 'done']);
    await eventually(
      () => readyNodes(cluster),
      (names) => names.length === 1,
    );
    const [first, second] = host.state().clusters;
    expect(first?.identity).toBe(second?.identity);
    expect(first?.id).not.toBe(second?.id);
  });

  it('goes on with two masters when the third has left etcd, and stops when one of two just vanishes', async () => {
    await bootFirstMaster(host, cluster);
    const [second, third] = [cluster.master(1), cluster.master(2)];
    for (const master of [second, third]) host.powerOn(master);
    await eventually(
      () => readyNodes(cluster),
      (names) => names.length === 3,
    );

    const leaving = talosOf(cluster, 2);
    await leaving.etcdForfeitLeadership();
    await leaving.etcdLeave();
    await leaving.etcdLeave();
    expect((await leaving.services()).find(({ id }) => id === 'etcd')?.state).toBe('Finished');
    expect(await leaving.hasEtcdData()).toBe(false);
    host.powerOff(third.id);
    expect(await talosOf(cluster).etcdMembers()).toHaveLength(2);
    expect(await readyNodes(cluster)).toHaveLength(3);

    host.powerOff(second.id);
    await expect(kubernetesOf(cluster).listNodes()).rejects.toThrow(/etcdserver: no leader/);
    await expect(talosOf(cluster).etcdMembers()).rejects.toThrow(RetryLater);
  });

  it('takes a replacement for a master that vanished, once the dead member was removed', async () => {
    await bootFirstMaster(host, cluster);
    const lost = cluster.master(1);
    for (const master of [lost, cluster.master(2)]) host.powerOn(master);
    await eventually(
      () => readyNodes(cluster),
      (names) => names.length === 3,
    );
    const dead = (await talosOf(cluster).etcdMembers()).find(({ hostname }) => hostname === lost.hostname);
    host.powerOff(lost.id);
    await talosOf(cluster).etcdRemoveMember(dead!.id);
    await talosOf(cluster).etcdRemoveMember(dead!.id);
    host.powerOn(cluster.master(1));
    const members = await eventually(
      () => talosOf(cluster).etcdMembers(),
      (all) => all.length === 3 && all.every(({ isLearner }) => !isLearner),
    );
    expect(members.map(({ id }) => id)).not.toContain(dead!.id);
  });

  it('shows on the console of a machine why its config was refused, and lets it do nothing', async () => {
    host.powerOn({ ...cluster.master(0), userData: 'machine: {}\n' });
    await eventually(() => host.state().machines[0]?.stage === 'error loop');
    expect(host.state().machines[0]?.says).toMatch(/failed to load the machine configuration: .*machine\.ca/);
    await expect(talosOf(cluster).version()).rejects.toThrow(RetryLater);
  });

  it('tells of an address that a machine was given after it had joined', async () => {
    await bootFirstMaster(host, cluster);
    const worker = cluster.worker('w');
    host.powerOn(worker);
    await eventually(
      () => readyNodes(cluster),
      (names) => names.length === 2,
    );
    host.setExternalAddress(worker.id, '127.0.0.99');
    await eventually(
      () => kubernetesOf(cluster).getNode(worker.hostname),
      (node) => node?.status.addresses?.some(({ type, address }) => type === 'ExternalIP' && address === '127.0.0.99') === true,
    );
  });

  it('says of a Node whose machine vanished that it hears nothing, and keeps it', async () => {
    await bootFirstMaster(host, cluster);
    const worker = cluster.worker('w');
    host.powerOn(worker);
    await eventually(
      () => readyNodes(cluster),
      (names) => names.length === 2,
    );
    host.powerOff(worker.id);
    await eventually(
      () => readyNodes(cluster),
      (names) => names.length === 1,
    );
    const node = await kubernetesOf(cluster).getNode(worker.hostname);
    expect(node?.status.conditions).toContainEqual(
      expect.objectContaining({ type: 'Ready', status: 'Unknown', reason: 'NodeStatusUnknown' }),
    );
  });
});

describe('a host of fake nodes that is started again over its data', () => {
  let dataDir: string;
  let host: FakeNodes;
  beforeEach(() => {
    dataDir = mkdtempSync(join(tmpdir(), 'plastron-nodes-'));
    host = startHost({ dataDir });
  });
  afterEach(async () => {
    await host.close();
    rmSync(dataDir, { recursive: true });
  });

  it('has the same Nodes, with what was written to them, and the same etcd', async () => {
    const cluster = await newCluster();
    const master = await bootFirstMaster(host, cluster);
    const worker = cluster.worker('w');
    host.powerOn(worker);
    await eventually(
      () => readyNodes(cluster),
      (names) => names.length === 2,
    );
    const patch = { metadata: { labels: { set: 'worker' } }, spec: { providerID: 'aws:///us-west-2a/i-1' } };
    const before = await kubernetesOf(cluster).patchNode(worker.hostname, patch);
    const members = await talosOf(cluster).etcdMembers();

    // What a kill would leave: the disk as it is now, before anything was closed.
    const left = join(dataDir, 'left');
    cpSync(join(dataDir, 'nodes.jsonl'), join(left, 'nodes.jsonl'));
    await host.close();
    host = startHost({ dataDir: left });
    host.powerOn(master);
    host.powerOn(worker);
    expect(await eventually(() => kubernetesOf(cluster).getNode(worker.hostname))).toEqual(before);
    expect(await talosOf(cluster).bootstrap()).toBe('already');
    expect(await talosOf(cluster).etcdMembers()).toEqual(members);
    expect(await readyNodes(cluster)).toHaveLength(2);
  });

  it('notices a machine that was deleted while it was away', async () => {
    const cluster = await newCluster();
    const master = await bootFirstMaster(host, cluster);
    host.powerOn(cluster.worker('w'));
    await eventually(
      () => readyNodes(cluster),
      (names) => names.length === 2,
    );
    await host.close();
    host = startHost({ dataDir });
    host.powerOn(master);
    await eventually(
      () => readyNodes(cluster),
      (names) => names.length === 1 && names[0] === master.hostname,
    );
  });

  it('forgets a cluster with its last disk', async () => {
    const cluster = await newCluster();
    const master = await bootFirstMaster(host, cluster);
    host.powerOff(master.id);
    expect(host.state()).toEqual({ machines: [], clusters: [] });
    await host.close();
    host = startHost({ dataDir });
    expect(host.state().clusters).toEqual([]);
  });
});
