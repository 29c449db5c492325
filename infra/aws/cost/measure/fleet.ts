import type { Clock } from '../../../../shared/ports.ts';
import type { ApiClient } from '../../../local/bench/api-client.ts';
import { machinesPath } from '../../../local/bench/manifests.ts';
import type { MeasuredPlane } from '../../../local/bench/plane-process.ts';

/** Spreads the workers over the deployments: as many in the first as in the second, or one more. */
export async function scaleTo(machines: number, deployments: readonly string[], client: ApiClient): Promise<void> {
  const workers = machines - 1;
  for (const [i, path] of deployments.entries()) {
    const replicas = Math.ceil((workers - i) / deployments.length);
    const { spec } = await client.get<{ spec: { replicas: number } }>(path);
    if (spec.replicas !== replicas) await client.patch(path, { spec: { replicas } });
  }
}

interface Fleet {
  readonly client: ApiClient;
  readonly clock: Clock;
  /** Seconds. */
  readonly patience: number;
}

interface Machine {
  readonly status?: { readonly conditions?: readonly { readonly type: string; readonly status: string }[] };
}

/** Until there are so many Machines, and all are ready. Throws when it takes too long. */
export async function untilReady(wanted: number, { client, clock, patience }: Fleet): Promise<void> {
  const deadline = clock.now() + patience * 1000;
  for (;;) {
    const { items } = await client.get<{ items: readonly Machine[] }>(machinesPath);
    const ready = items.filter(({ status }) => status?.conditions?.some(({ type, status: is }) => type === 'Ready' && is === 'True'));
    if (items.length === wanted && ready.length === wanted) return;
    if (clock.now() > deadline)
      throw new Error(`after ${patience} s there are ${items.length} Machines, ${ready.length} of them ready: ${wanted} should be`);
    await clock.sleep(1_000);
  }
}

/** Work that is put off is work too: until no function has been called for five seconds, but a minute at most. */
export async function untilStill(plane: MeasuredPlane, clock: Clock): Promise<void> {
  const deadline = clock.now() + 60_000;
  const calls = async (): Promise<number> =>
    Object.entries((await plane.usage()).functions).reduce((sum, [name, { calls }]) => sum + (name === 'sweep' ? 0 : calls), 0);
  for (let before = -1, now = await calls(); before !== now && clock.now() < deadline; now = await calls()) {
    before = now;
    await clock.sleep(5_000);
  }
}
