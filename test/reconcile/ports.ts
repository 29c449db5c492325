import type { Kind } from '../../shared/kinds/define-kind.ts';
import type { KubeObject } from '../../shared/kinds/object.ts';
import type { Execution, Log, Wake, WakeQueue } from '../../shared/ports.ts';
import { wakesOf } from '../../shared/reconcile/dispatch.ts';
import type { ReconcilePorts } from '../../shared/reconcile/reconcile.ts';
import { createMemoryStore } from '../../shared/store/memory.ts';
import { ensureNamespaces } from '../../shared/store/namespaces.ts';
import { parseRecord, type StoredChange, type StreamRecord } from '../../shared/store/record.ts';
import { aesSealer, type Key } from '../../shared/store/seal.ts';
import { seededRandom, type VirtualClock, virtualClock } from '../clock.ts';

export interface TestPorts extends ReconcilePorts {
  readonly clock: VirtualClock;
  /** By `<workflow>/<name>`. */
  readonly executions: Map<string, Execution>;
  readonly queue: WakeQueue;
  /** Who was sent to the queue, `Kind namespace/name`. */
  readonly woken: string[];
  /** Every change that the stream told of. */
  readonly changes: StoredChange[];
  /** Who the last write of this object wakes. */
  wakesOfLast(kind: Kind, object: KubeObject): Promise<string[]>;
}

export const silent: Log = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };
export const inWords = ({ kind, namespace, name }: Wake): string => `${kind} ${namespace}/${name}`;

const key: Key = { id: 'test', bytes: new Uint8Array(32) };
const sealer = aesSealer({ current: () => key, byId: () => key }, seededRandom(3));

/** A memory store, executions that only are remembered, and a queue that only remembers. */
export async function testPorts(): Promise<TestPorts> {
  const clock = virtualClock();
  const changes: StoredChange[] = [];
  const committed = (record: StreamRecord): void => {
    const change = parseRecord(record);
    if (change !== undefined) changes.push(change);
  };
  const store = createMemoryStore({ clock, random: seededRandom(1), sealer, committed });
  await ensureNamespaces(store);
  const executions = new Map<string, Execution>();
  const woken: string[] = [];
  return {
    store,
    clock,
    executions,
    woken,
    changes,
    log: silent,
    queue: { send: async (wakes) => void woken.push(...wakes.map(({ wake }) => inWords(wake))) },
    workflows: {
      start: async (workflow, name) => void executions.set(`${workflow}/${name}`, { name, status: 'RUNNING' }),
      describe: async (workflow, name) => executions.get(`${workflow}/${name}`),
    },
    async wakesOfLast(kind, object) {
      const last = changes.findLast(({ name, plural }) => name === object.metadata.name && plural === kind.plural);
      if (last === undefined) throw new Error(`${object.metadata.name} was not written`);
      const { id, deleted, wakes } = last;
      return (await wakesOf({ id, kind, object: await last.open(kind, sealer), deleted, ...(wakes && { only: wakes }) }, store)).map(
        inWords,
      );
    },
  };
}
