import { Expired } from '../../errors.ts';
import { type KubeObject, nameOf } from '../../kinds/object.ts';
import type { Clock } from '../../ports.ts';
import type { Change, Store, WatchQuery } from '../../store/store.ts';
import { lifetime, versionAt, versionTime } from '../verbs/continue-token.ts';

/** ms between looks of a watch at which nothing is found: whoever watches learns up to when. */
const every = 30_000;

/** The store of objects that are made once with the process, and never written. They are in no namespace. */
export function fixedStore(objects: readonly KubeObject[], clock: Clock): Store {
  const sorted = [...objects].sort((a, b) => (a.metadata.name < b.metadata.name ? -1 : 1));
  const made = clock.now();
  const version = () => versionAt(clock.now());

  /** Who was told before this process began may have been told otherwise. */
  async function* watch({ from, signal }: WatchQuery): AsyncGenerator<Change<KubeObject>> {
    if (from !== undefined && versionTime(from) < clock.now() - lifetime)
      throw new Expired(`too old resource version: ${from} (${versionAt(clock.now() - lifetime)})`);
    const known = from !== undefined && versionTime(from) >= made;
    for (const object of known ? [] : sorted) yield { type: 'ADDED', resourceVersion: object.metadata.resourceVersion ?? '', object };
    while (!signal.aborted) {
      yield { type: 'SYNCED', resourceVersion: version() };
      await clock.sleep(every, signal);
    }
  }

  const reads = {
    version,
    watch: (_kind: unknown, query: WatchQuery) => watch(query),
    get: async (_kind: unknown, { name }: { name: string }) => sorted.find(({ metadata }) => metadata.name === name),
    async list(_kind: unknown, { limit = sorted.length, after }: { limit?: number; after?: { name: string } } = {}) {
      const rest = after === undefined ? sorted : sorted.filter(({ metadata }) => metadata.name > after.name);
      const items = rest.slice(0, limit);
      const last = items.at(-1);
      return { items, resourceVersion: version(), ...(last !== undefined && rest.length > items.length && { next: nameOf(last) }) };
    },
  };
  // Nobody writes what is read only: who calls anything else has made a mistake, and hears of it.
  return reads as unknown as Store;
}
