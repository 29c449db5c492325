import { namespace as namespaceKind } from '../kinds/core/namespace.ts';
import type { Kind } from '../kinds/define-kind.ts';
import { controllerOf, type KubeObject, nameOf, type ObjectName } from '../kinds/object.ts';
import type { Clock, Random } from '../ports.ts';
import { encodeBody, remainsOf } from './body.ts';
import type { SweptStore } from './expiry.ts';
import { createFeed, type Source } from './feed.ts';
import { writeIdLength } from './item.ts';
import { isAnother, isGone, isTaken } from './messages.ts';
import { byName, endOf, newborn, readAs, reborn, versionOf, withVersion } from './newborn.ts';
import { partitionOf, partsOf } from './partition.ts';
import { recordOf, type StreamRecord } from './record.ts';
import { aesSealer, type Key, type Sealer } from './seal.ts';
import { createShelves, isThere, itemFor, read, restored, type Shelved, sameLabels, stateOf, written } from './shelf.ts';
import type { ListQuery, Page, Write } from './store.ts';
import { createVersions, timeOf } from './version.ts';
import { watch } from './watch.ts';
import { marginMs } from './write.ts';

export interface MemoryStoreOptions {
  readonly clock: Clock;
  readonly random: Random;
  /** What it holds at first, as another store had it. */
  readonly objects?: readonly KubeObject[];
  /** How long deletions can be heard of, ms; an hour if absent. */
  readonly tombstoneMs?: number;
  /** Called once after each create, update and remove, with what the stream of a table would show. */
  readonly committed?: (record: StreamRecord) => void;
  /** Seals what records show of kinds that are stored sealed; absent: a key that nobody else has. */
  readonly sealer?: Sealer;
}

/** JSON of this length at most fits in storage even where gzip gains nothing. */
const surelyFits = 300 * 1024;

/** The same promises as the store on DynamoDB, without any I/O: every operation happens at once, and in the order of the calls. */
export function createMemoryStore(options: MemoryStoreOptions): SweptStore {
  const { clock, random, objects = [], tombstoneMs = 3_600_000, committed } = options;
  const sealer = options.sealer ?? sealerOfOurOwn(random);
  const shelves = createShelves();
  const versions = createVersions({ clock, overlapMs: 0 });
  for (const object of objects) {
    const shelved = restored(object);
    versions.observe(shelved.version);
    const group = object.apiVersion.includes('/') ? object.apiVersion.slice(0, object.apiVersion.indexOf('/')) : '';
    shelves.at({ group, kind: object.kind }, shelved.namespace).set(shelved.name, shelved);
  }

  const shelfOf = (kind: Kind, namespace: string): Map<string, Shelved> =>
    shelves.at(kind, partsOf(partitionOf(kind, namespace)).namespace);
  const there = (kind: Kind, namespace: string): Shelved[] =>
    [...shelfOf(kind, namespace).values()].filter((shelved) => isThere(shelved, clock.now())).sort(byName);

  const source: Source = {
    since: async (kind, partition, after) => {
      const now = clock.now();
      const all = [...shelfOf(kind, partsOf(partition).namespace).values()];
      const changed = all.filter((one) => one.version > after && (one.deletedAt !== undefined || isThere(one, now)));
      return changed.map((shelved) => stateOf(shelved, partition));
    },
    async *live(kind, partition) {
      yield there(kind, partsOf(partition).namespace).map((shelved) => stateOf(shelved, partition));
    },
  };
  const feed = createFeed({ clock, source, versions, overlapMs: 0, restMs: 0 });
  const dues = new WeakMap<KubeObject, number | undefined>();

  const nextVersion = (floor = 0): number => {
    const version = versions.begin(floor);
    versions.end(version);
    return version;
  };

  async function put(kind: Kind, shelved: Shelved, first = false): Promise<void> {
    shelfOf(kind, shelved.namespace).set(shelved.name, shelved);
    feed.nudge(partitionOf(kind, shelved.namespace));
    if (committed !== undefined) committed(recordOf(await itemFor(kind, shelved, random.bytes(writeIdLength), sealer), first));
  }

  /** What is shelved, if it is still what was read. */
  function asRead(kind: Kind, object: KubeObject): Shelved {
    const { uid, version } = readAs(kind, object);
    const { namespace, name } = nameOf(object);
    const found = shelfOf(kind, namespace).get(name);
    if (found === undefined || found.deletedAt !== undefined || found.uid !== uid) throw isGone(kind, { name });
    if (found.version !== version) throw isAnother(kind, object, found.version);
    return found;
  }

  async function refuseTooLarge(kind: Kind, object: KubeObject): Promise<void> {
    const { namespace, name } = nameOf(object);
    const place = { partition: partitionOf(kind, namespace), name, uid: object.metadata.uid ?? '' };
    if (JSON.stringify(object).length > surelyFits) await encodeBody(kind, object, place, sealer);
  }

  function create<T extends KubeObject>(kind: Kind<T>, object: T, write: Write = {}): Promise<T> {
    const uid = random.uuid();
    return putNew(kind, newborn(kind, object, uid, clock.now()), uid, write);
  }

  async function restore<T extends KubeObject>(kind: Kind<T>, object: T, write: Write = {}): Promise<T> {
    const kept = reborn(kind, object);
    return putNew(kind, kept, kept.metadata.uid, write);
  }

  async function putNew<T extends KubeObject>(kind: Kind<T>, object: T, uid: string, write: Write): Promise<T> {
    await refuseTooLarge(kind, object);
    const name = nameOf(object);
    const found = shelfOf(kind, name.namespace).get(name.name);
    if (found !== undefined && isThere(found, clock.now())) throw isTaken(kind, name);
    const version = nextVersion(found?.version);
    const replaced = found && { replaced: { uid: found.uid, version: found.version } };
    const versionsOfIt = { version, createdVersion: version, labelsVersion: version };
    await put(kind, { ...name, ...written(object), uid, ...versionsOfIt, ...marksOf(kind, write), ...replaced }, found === undefined);
    return withVersion(object, version);
  }

  async function update<T extends KubeObject>(kind: Kind<T>, object: T, write: Write = {}): Promise<T> {
    await refuseTooLarge(kind, object);
    const before = asRead(kind, object);
    const { namespace, name, uid, createdVersion, replaced } = before;
    const version = nextVersion(before.version);
    const labelsVersion = sameLabels(read(before), object) ? before.labelsVersion : version;
    const lineage = { uid, version, createdVersion, labelsVersion, ...(replaced && { replaced }) };
    await put(kind, { namespace, name, ...written(object), ...lineage, ...marksOf(kind, write) });
    return withVersion(object, version);
  }

  async function remove<T extends KubeObject>(kind: Kind<T>, object: T): Promise<T> {
    const { owner: _, cluster: __, dueAt: ___, wakes: ____, owned: _____, ...before } = asRead(kind, object);
    const version = nextVersion(before.version);
    const deletedAt = clock.now();
    const { json } = written(remainsOf(kind, object));
    await put(kind, { ...before, json, version, deletedAt, expiresAt: deletedAt + tombstoneMs + marginMs });
    return withVersion(object, version);
  }

  const marksOf = (kind: Kind, { dueAt, wakes, owned }: Write): Pick<Shelved, 'dueAt' | 'expiresAt' | 'wakes' | 'owned'> => {
    const expiresAt = endOf(kind, clock.now());
    return {
      ...(dueAt !== undefined && { dueAt: Math.ceil(dueAt) }),
      ...(expiresAt !== undefined && { expiresAt }),
      ...(wakes !== undefined && { wakes }),
      ...(owned && { owned }),
    };
  };

  async function list<T extends KubeObject>(kind: Kind<T>, { namespace, limit, after }: ListQuery = {}): Promise<Page<T>> {
    const resourceVersion = String(versions.ceiling());
    const everywhere = namespace === undefined && kind.scope === 'Namespaced';
    const namespaces = everywhere ? there(namespaceKind, '').map(({ name }) => name) : [namespace ?? ''];
    const rest = namespaces.flatMap((each) => there(kind, each)).filter((one) => after === undefined || comesAfter(one, after));
    const items = rest.slice(0, limit).map((shelved) => read<T>(shelved));
    const last = rest[items.length - 1];
    const next = last !== undefined && items.length < rest.length && { next: { namespace: last.namespace, name: last.name } };
    return { items, resourceVersion, ...next };
  }

  return Object.freeze({
    list,
    create,
    restore,
    update,
    remove,

    async get<T extends KubeObject>(kind: Kind<T>, { namespace, name }: ObjectName) {
      const found = shelfOf(kind, namespace).get(name);
      if (found === undefined || !isThere(found, clock.now())) return undefined;
      const object = read<T>(found);
      dues.set(object, found.dueAt);
      return object;
    },

    dueAt: (object) => dues.get(object),

    async settle(kind, { namespace, name }, resourceVersion, dueAt) {
      const found = shelfOf(kind, namespace).get(name);
      if (found === undefined || found.deletedAt !== undefined || found.version !== versionOf(resourceVersion)) return false;
      const { dueAt: _, ...rest } = found;
      shelfOf(kind, namespace).set(name, { ...rest, ...(dueAt !== undefined && { dueAt: Math.ceil(dueAt) }) });
      return true;
    },

    ownedBy: async <T extends KubeObject>(kind: Kind<T>, namespace: string, ownerUid: string) =>
      there(kind, namespace)
        .filter(({ owner }) => owner === ownerUid)
        .map((shelved) => read<T>(shelved))
        .filter((object) => controllerOf(object)?.uid === ownerUid),

    dependentsOf: async <T extends KubeObject>(kind: Kind<T>, namespace: string, ownerUid: string) =>
      there(kind, namespace)
        .filter(({ owner }) => owner === ownerUid)
        .map((shelved) => read<T>(shelved)),

    ofCluster: async <T extends KubeObject>(kind: Kind<T>, namespace: string, cluster: string) =>
      there(kind, namespace)
        .filter((one) => one.cluster === cluster)
        .map((shelved) => read<T>(shelved)),

    due: async (kind, namespace, until) =>
      there(kind, namespace)
        .filter((one): one is Shelved & { readonly dueAt: number } => one.dueAt !== undefined && one.dueAt <= until)
        .sort((a, b) => a.dueAt - b.dueAt)
        .map(({ name }) => ({ namespace, name })),

    async wasDeleted(kind, { namespace, name }, uid) {
      const found = shelfOf(kind, namespace).get(name);
      const since = clock.now() - tombstoneMs;
      if (found?.uid === uid) return found.deletedAt !== undefined && found.deletedAt > since;
      return found?.replaced?.uid === uid && timeOf(found.replaced.version) > since;
    },

    async removeExpired(kinds) {
      let changed = 0;
      for (const { kind, namespace, shelved } of shelves.ended(kinds, clock.now())) {
        if (shelved.deletedAt === undefined) await remove(kind, read(shelved));
        else shelfOf(kind, namespace).delete(shelved.name);
        changed++;
      }
      return changed;
    },

    watch: (kind, query) => watch({ clock, source, feed, versions, overlapMs: 0, tombstoneMs }, kind, query),
    version: () => String(versions.now()),
  } satisfies SweptStore);
}

const comesAfter = (one: ObjectName, { namespace, name }: ObjectName): boolean =>
  one.namespace > namespace || (one.namespace === namespace && one.name > name);

function sealerOfOurOwn(random: Random): Sealer {
  let key: Key | undefined;
  const theKey = (): Key => {
    key ??= { id: 'memory', bytes: random.bytes(32) };
    return key;
  };
  return aesSealer({ current: theKey, byId: theKey }, random);
}
