import type { Clock } from '../../../shared/ports.ts';
import type { ApiClient } from './api-client.ts';
import { machinesPath } from './manifests.ts';

/** The Machines that a watch over HTTPS has told of, by name. */
export interface SeenMachines {
  readonly all: readonly string[];
  readonly ready: ReadonlySet<string>;
}

interface WatchEvent {
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED' | 'BOOKMARK' | 'ERROR';
  readonly object: {
    readonly metadata: { readonly name: string };
    readonly status?: { readonly conditions?: readonly { readonly type: string; readonly status: string }[] };
  };
}

interface WatchOptions {
  readonly client: ApiClient;
  readonly clock: Clock;
  readonly timeoutSeconds: number;
  /** Told after each change; the value is the same and changes. */
  show(seen: SeenMachines): void;
}

/** Watches until so many Machines are ready, each from its creation on. A watch that ends is begun anew. Throws when it takes too long. */
export async function untilReady(wanted: number, { client, clock, timeoutSeconds, show }: WatchOptions): Promise<void> {
  const all: string[] = [];
  const ready = new Set<string>();
  const over = new AbortController();
  void clock.sleep(timeoutSeconds * 1000, over.signal).then(() => over.abort());
  while (!over.signal.aborted) {
    for await (const line of client.lines(`${machinesPath}?watch=true`, over.signal)) {
      const { type, object } = JSON.parse(line) as WatchEvent;
      if (type === 'ERROR') break;
      if (type === 'BOOKMARK') continue;
      const { name } = object.metadata;
      if (!all.includes(name)) all.push(name);
      if (type !== 'DELETED' && isReady(object)) ready.add(name);
      else ready.delete(name);
      show({ all, ready });
      if (ready.size === wanted) return over.abort();
    }
  }
  throw new Error(`after ${timeoutSeconds} s ${ready.size} of ${wanted} Machines are ready`);
}

const isReady = ({ status }: WatchEvent['object']): boolean =>
  status?.conditions?.some(({ type, status: is }) => type === 'Ready' && is === 'True') === true;
