import { beforeAll, expect, it } from '@jest/globals';
import { condition, type Host } from '../host.ts';
import { machine, platforms, secret } from '../manifests.ts';

const { aws } = platforms;

/**
 * Nodes that are not of cluster `one`, of which one-master-0 and one-worker are. `early-worker` is a Machine of another
 * cluster, which has no master. A Machine has two seconds to join.
 */
export function foreignNodes(host: () => Host): void {
  const says = (name: string, reason: string, message: RegExp) =>
    condition(host(), ['machine', name], 'Ready', { status: 'False', reason, message });
  const noNode = /^no Node came within 2 s of the instance's start; its Talos API answers: /;

  beforeAll(async () => {
    const configPatches = ['machine: {token: abcdef.0123456789abcdef}'];
    await host().apply(machine('wrong-token', { cluster: 'one', platform: aws, configPatches }));
    await applyPaused(machine('stray', { cluster: 'one', platform: aws }));
    await bootWith('stray', await host().secretText('early-worker-bootstrap-data', 'value'));
    await host().must('annotate', 'machine', 'stray', 'cluster.k8s.io/paused-');
  });

  const applyPaused = ({ metadata, ...rest }: ReturnType<typeof machine>) =>
    host().apply({ ...rest, metadata: { ...metadata, annotations: { 'cluster.k8s.io/paused': '' } } });

  /** Puts bootstrap data in the place where the Machine's own would be made. */
  async function bootWith(name: string, value: string): Promise<void> {
    const { uid } = (await host().get('machine', name)).metadata;
    const { metadata, ...rest } = secret(`${name}-bootstrap-data`, { value }, 'default');
    const owner = { apiVersion: 'cluster.k8s.io/v1alpha1', kind: 'Machine', name, uid };
    await host().apply({ ...rest, metadata: { ...metadata, ownerReferences: [owner] } });
  }

  it('because its token is another, does not join: the Machine says that no Node came and what its Talos API answers', async () => {
    const { message } = await says('wrong-token', 'JoinClusterTimeoutError', noNode);
    expect(message).toContain('invalid token');
  });

  it('because it boots with the config of another cluster, does not join either', async () => {
    const { message } = await says('stray', 'JoinClusterTimeoutError', noNode);
    // It asks the master that its config names, which nobody ever made.
    expect(message).toContain(`dial tcp ${host().endpoints().reservedAddresses.aws[0]}:50001: connect: connection refused`);
  });

  it('leaves the cluster as it was, and its Machines have failed', async () => {
    const { stdout } = await (await host().workload('one')).run(['get', 'nodes', '-o', 'name']);
    expect(stdout.trim().split('\n')).toEqual([expect.stringMatching(/^node\/ip-172-31-/), 'node/one-master-0']);
    expect(await host().must('get', 'machines', 'wrong-token', 'stray')).toMatch(/wrong-token +one +Failed[\s\S]*stray +one +Failed/);
  });
}
