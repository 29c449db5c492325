import { Conflict } from '../../shared/errors.ts';
import type { Clock } from '../../shared/ports.ts';
import type { Store } from '../../shared/store/store.ts';
import { change, letGo, readAll } from './objects.ts';
import { isPaused, pause, toPause } from './pausing.ts';
import { called, type Kept, keyOf, type MovePorts, type Place, someOf } from './place.ts';

export interface ExportOptions {
  /** False: nothing is written to the source, and it is taken as it is found. For a table that no plane runs on. */
  readonly pause: boolean;
  /** For how long executions under way are waited for, ms. */
  readonly waitMs: number;
  /** Ends the wait. */
  readonly signal?: AbortSignal;
}

/**
 * Reads a whole plane while nothing moves in it, and gives it to `keep`. The Clusters are paused first, and stay so: two planes must
 * never act on the same machines. If it comes to nothing, what was paused by this call goes on.
 */
export async function exportPlane<T>(
  place: Place,
  options: ExportOptions,
  keep: (objects: readonly Kept[]) => Promise<T>,
  ports: MovePorts,
): Promise<T> {
  if (!options.pause) {
    const found = await readAll(place.store);
    const held = new Set(toPause(found));
    return keep(found.map((one) => (held.has(one) ? { ...one, object: pause(one.object) } : one)));
  }
  const paused: Kept[] = [];
  try {
    return await keep(await standStill(place, paused, options, ports));
  } catch (error) {
    if (paused.length > 0) {
      ports.tell('lets go what it has paused');
      await letGo(place.store, paused, ports.clock);
    }
    throw error;
  }
}

/** What there is when nothing runs, and two looks, a while apart, find the same. What it pauses it adds to `paused`. */
async function standStill(place: Place, paused: Kept[], options: ExportOptions, ports: MovePorts): Promise<Kept[]> {
  const { clock, tell } = ports;
  const deadline = clock.now() + options.waitMs;
  let before: readonly Kept[] = [];
  for (let looks = 1; ; looks++) {
    const now = await readAll(place.store);
    await pauseAll(place.store, now, paused, ports);
    await executionsEnd(place, deadline, options, ports);
    const moved = changedSince(before, now);
    if (moved.length === 0) return now;
    if (looks > 2 && clock.now() >= deadline) throw stillMoving(place, `${someOf(moved)} are still being changed`);
    if (looks === 1) tell('waits until all is still');
    before = now;
    await rest(place.quietMs, options, clock);
  }
}

async function pauseAll(store: Store, all: readonly Kept[], paused: Kept[], { clock, tell }: MovePorts): Promise<void> {
  for (const one of toPause(all)) {
    const stored = await change(store, one, (object) => (isPaused({ ...one, object }) ? object : pause(object)), clock);
    if (stored === undefined) continue;
    paused.push({ ...one, object: stored });
    tell(`pauses ${called(one)}`);
  }
}

/** A pause holds back the next execution; what runs already comes to its end. */
async function executionsEnd(place: Place, deadline: number, options: ExportOptions, { clock, tell }: MovePorts): Promise<void> {
  for (let told = 0; ; ) {
    const running = await place.running();
    if (running.length === 0) return;
    if (place.quietMs === 0)
      throw new Conflict(
        `${place.describe} was stopped in the middle of ${someOf(running)}, which only it can end: start it, and export it while it runs`,
      );
    if (clock.now() >= deadline) throw stillMoving(place, `executions run: ${someOf(running)}`);
    if (running.length !== told) tell(`waits for the end of ${someOf(running, 3)}`);
    told = running.length;
    await rest(place.quietMs / 2, options, clock);
  }
}

async function rest(ms: number, { signal }: ExportOptions, clock: Clock): Promise<void> {
  await clock.sleep(ms, signal);
  if (signal?.aborted) throw new Conflict('interrupted: nothing was exported');
}

/** What came, changed or went, in words. */
function changedSince(before: readonly Kept[], now: readonly Kept[]): string[] {
  const versions = (all: readonly Kept[]) => new Map(all.map((one) => [keyOf(one), one]));
  const [old, young] = [versions(before), versions(now)];
  const isSame = (a: Kept | undefined, b: Kept | undefined): boolean =>
    a?.object.metadata.resourceVersion === b?.object.metadata.resourceVersion;
  return [...new Map([...old, ...young])].filter(([key]) => !isSame(old.get(key), young.get(key))).map(([, one]) => called(one));
}

const stillMoving = ({ describe }: Place, what: string): Conflict =>
  new Conflict(`nothing was exported: in ${describe} ${what}; look at what holds them up, or wait longer (--wait)`);
