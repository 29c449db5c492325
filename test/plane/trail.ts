import { cluster } from '../../shared/kinds/cluster/kind.ts';
import { machine } from '../../shared/kinds/machine/kind.ts';
import { machineDeployment } from '../../shared/kinds/machine-deployment/kind.ts';
import type { Log } from '../../shared/ports.ts';
import type { Store } from '../../shared/store/store.ts';

/** The last lines of the log, for whoever must find out why a seed failed. */
export interface Trail {
  readonly log: Log;
  lines(): string;
}

const remembered = 80;

export function createTrail(now: () => number): Trail {
  const began = now();
  const lines: string[] = [];
  const write = (level: string) => (sentence: string, fields?: Record<string, unknown>) => {
    const seconds = ((now() - began) / 1000).toFixed(1).padStart(8);
    lines.push(`${seconds} ${level} ${sentence} ${fields === undefined ? '' : JSON.stringify(fields)}`);
    if (lines.length > remembered) lines.shift();
  };
  return {
    log: { debug: write('debug'), info: write('info'), warn: write('warn'), error: write('error') },
    lines: () => lines.join('\n'),
  };
}

/** What there is, in short. */
export async function scene(store: Store): Promise<string> {
  const lists = [await store.list(machine), await store.list(machineDeployment), await store.list(cluster)];
  const objects = lists.flatMap(({ items }) => items.map(({ kind, metadata, status }) => ({ kind, metadata, status })));
  return objects.map(({ kind, metadata, status }) => `${kind} ${metadata.name}: ${JSON.stringify(status)}`).join('\n');
}
