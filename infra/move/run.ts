import { timestamp } from '../../shared/kinds/object.ts';
import type { Clock, Random } from '../../shared/ports.ts';
import { exportPlane } from './export.ts';
import { destination, readPassphrase, readSource } from './file/disk.ts';
import { decode, encode } from './file/format.ts';
import { lock, unlock } from './file/lock.ts';
import { importPlane } from './import.ts';
import { openLocalSource, openLocalTarget } from './open-local.ts';
import type { ExportCommand, ImportCommand, Where } from './options.ts';
import type { Kept, Place } from './place.ts';

export interface RunPorts {
  readonly clock: Clock;
  readonly random: Random;
  /** Says how far it is. Never what is in an object. */
  readonly tell: (says: string) => void;
  readonly process: Pick<NodeJS.Process, 'stdin' | 'stdout'>;
  readonly signal?: AbortSignal;
}

/** What a script reads of it. */
export type Outcome = Readonly<Record<string, unknown>>;

export async function runExport({ where, out, passphraseFile, pause, waitSeconds }: ExportCommand, ports: RunPorts): Promise<Outcome> {
  const { clock, random, tell, signal } = ports;
  // What can be wrong about the file is found out before anything is paused.
  const to = destination(out, ports.process);
  const passphrase = passphraseFile === undefined ? undefined : await readPassphrase(passphraseFile);
  return using(await openSource(where, ports), async (place) => {
    async function keep(objects: readonly Kept[]): Promise<Outcome> {
      const { header, bytes } = encode(objects, { plane: place.describe, exportedAt: timestamp(clock.now()) });
      await to.write(passphrase === undefined ? bytes : await lock(bytes, passphrase, random));
      tell(`wrote ${objects.length} objects of ${place.describe} to ${to.describe}`);
      tell(
        passphrase === undefined
          ? 'it holds keys and credentials in clear: whoever reads it has your clusters'
          : 'it opens with the passphrase',
      );
      if (pause) tell('the source stays paused: throw it away once the import has gone well');
      return { exported: objects.length, counts: header.counts, file: out, sha256: header.sha256, encrypted: passphrase !== undefined };
    }
    const options = { pause, waitMs: waitSeconds * 1000, ...(signal && { signal }) };
    return exportPlane(place, options, keep, { clock, tell });
  });
}

export async function runImport({ where, file, passphraseFile, keepPaused }: ImportCommand, ports: RunPorts): Promise<Outcome> {
  const { clock, tell } = ports;
  const passphrase = passphraseFile === undefined ? undefined : await readPassphrase(passphraseFile);
  const { header, objects } = decode(await unlock(await readSource(file, ports.process), passphrase));
  tell(`read ${objects.length} objects of ${header.plane}, exported at ${header.exportedAt}`);
  return using(await openTarget(where, ports), async (place) => {
    const imported = await importPlane(place, { objects, from: header.sha256.slice(0, 16) }, { keepPaused }, { clock, tell });
    const { restored, there, goneOn, resumed } = imported;
    tell(`${place.describe} has them: ${restored} restored, ${there} were there`);
    if (goneOn.length > 0) tell(`left as they are, since they went on here after an earlier import: ${goneOn.join(', ')}`);
    if (keepPaused) tell('all stays paused; to let one go: kubectl annotate cluster NAME cluster.k8s.io/paused-');
    return { imported: objects.length, restored, there, goneOn, resumed };
  });
}

async function using<T>(place: Place, act: (place: Place) => Promise<T>): Promise<T> {
  try {
    return await act(place);
  } finally {
    await place.close();
  }
}

/** The AWS side is loaded only where it is needed. */
const openSource = async (where: Where, ports: RunPorts): Promise<Place> =>
  'data' in where ? openLocalSource(where.data, ports) : (await import('./open-aws.ts')).openAws(where, ports);

const openTarget = async (where: Where, ports: RunPorts): Promise<Place> =>
  'data' in where ? openLocalTarget(where.data, ports) : (await import('./open-aws.ts')).openAwsTarget(where, ports);
