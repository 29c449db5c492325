import { beforeEach, describe, expect, it } from '@jest/globals';
import { Invalid } from '../../shared/errors.ts';
import type { ClusterObject } from '../../shared/kinds/cluster/kind.ts';
import { secret } from '../../shared/kinds/core/secret.ts';
import { ensureSecrets } from '../../shared/steps/cluster/ensure-secrets.ts';
import { observeNodes } from '../../shared/steps/cluster/observe-nodes.ts';
import { type Stage, stage } from './stage.ts';

let plane: Stage;
let cluster: ClusterObject;
beforeEach(async () => {
  plane = await stage();
  cluster = await plane.raise();
  plane.kubernetes.listNodes = async () => [];
});

const lose = async (name: string): Promise<void> => {
  await plane.store.remove(secret, (await plane.store.get(secret, { namespace: 'default', name }))!);
};

describe('a Secret of a cluster that somebody deleted', () => {
  it.each(['c-kubeconfig', 'c-talosconfig'])('%s is made again when the cluster is looked at', async (name) => {
    await lose(name);
    expect(await plane.ask(observeNodes, cluster)).toEqual({ settled: true, says: 'published Secrets c-kubeconfig and c-talosconfig' });
    expect(await plane.store.get(secret, { namespace: 'default', name })).toBeDefined();
    expect(await plane.ask(observeNodes, cluster)).toMatchObject({ says: expect.stringContaining('0 of 0 machines are ready') });
  });

  it('that holds the bundle is never replaced by a new one', async () => {
    await lose('c-talos');
    const asked = plane.ask(ensureSecrets, cluster);
    await expect(asked).rejects.toThrow(Invalid);
    await expect(asked).rejects.toThrow('Secret c-talos is gone: put it back from a backup');
  });
});
