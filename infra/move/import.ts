import { Conflict } from '../../shared/errors.ts';
import { compare, type Difference } from './compare.ts';
import { holdCollectorBack, letCollectorGo } from './holding-back.ts';
import { forAll, letGo, lookAtAll, readKind } from './objects.ts';
import { moving } from './order.ts';
import { isPausedByExport, markImported } from './pausing.ts';
import { called, type Kept, type MovePorts, type Place, someOf } from './place.ts';

export interface ImportOptions {
  /** What the export paused stays paused. */
  readonly keepPaused: boolean;
}

export interface Imported {
  /** How many objects were written. */
  readonly restored: number;
  /** How many were there already. */
  readonly there: number;
  /** What an earlier run let go, and what went on since: not touched. */
  readonly goneOn: readonly string[];
  /** What was paused by the export, and goes on here. */
  readonly resumed: readonly string[];
}

/**
 * Puts what was exported into another plane, each object with its uid. Nothing is written before all of it is known to fit. Whatever the
 * moment at which it dies, running it again completes it: Clusters are paused until every object is there.
 *
 * @param from names the export: its checksum.
 */
export async function importPlane(
  place: Place,
  { objects, from }: { readonly objects: readonly Kept[]; readonly from: string },
  { keepPaused }: ImportOptions,
  { clock, tell }: MovePorts,
): Promise<Imported> {
  const { store } = place;
  const { missing, there, goneOn, conflicts } = compare(objects, await thereAlready(place, objects), from);
  if (conflicts.length > 0) throw refusal(place, conflicts);
  if (missing.length > 0) await holdCollectorBack(place, from, clock);
  for (const kind of moving) {
    const some = missing.filter((one) => one.kind === kind);
    if (some.length > 0) tell(`restores ${some.length} of ${kind.plural}`);
    await forAll(some, ({ object }) =>
      store.restore(kind, isPausedByExport(object) ? markImported(object, from) : object, { wakes: 'nobody' }),
    );
  }
  await letCollectorGo(place, from, clock);
  const held = objects.filter((one) => isPausedByExport(one.object) && !goneOn.includes(one));
  if (!keepPaused && held.length > 0) tell(`lets go ${someOf(held.map(called))}`);
  const resumed = keepPaused ? [] : await letGo(store, held, clock);
  if (keepPaused) await lookAtAll(store, clock);
  return { restored: missing.length, there: there.length, goneOn: goneOn.map(called), resumed: resumed.map(called) };
}

/** What the target has under the names of these objects. */
async function thereAlready({ store }: Place, objects: readonly Kept[]): Promise<Kept[]> {
  const found: Kept[] = [];
  for (const kind of moving) {
    const namespaces = new Set(objects.filter((one) => one.kind === kind).map(({ object }) => object.metadata.namespace ?? ''));
    for (const namespace of namespaces) found.push(...(await readKind(store, kind, namespace)));
  }
  return found;
}

function refusal({ describe }: Place, conflicts: readonly Difference[]): Conflict {
  const list = someOf(conflicts.map(({ one, because }) => `${called(one)} ${because}`));
  return new Conflict(`nothing was imported into ${describe}, since it must be empty of what is imported: ${list}`);
}
