import { namespace as namespaceKind } from '../kinds/core/namespace.ts';
import type { Kind } from '../kinds/define-kind.ts';
import { keys } from '../kinds/fields.ts';
import { refersTo } from '../kinds/garbage.ts';
import { controllerOf, type KubeObject, type ObjectName } from '../kinds/object.ts';
import type { Clock } from '../ports.ts';
import type { Source } from './feed.ts';
import { type Item, indexable, type Key, type Stored, storedOf } from './item.ts';
import type { Lineages } from './lineage.ts';
import { byName } from './newborn.ts';
import type { OwnWrites } from './own-writes.ts';
import { partitionOf } from './partition.ts';
import type { Sealer } from './seal.ts';
import { objectFrom } from './state.ts';
import type { ListQuery, Page, Store } from './store.ts';
import { type IndexName, indexes, type Table } from './table.ts';
import { createTexts } from './texts.ts';
import { timeOf, type Versions } from './version.ts';

export interface ReadPorts {
  readonly clock: Clock;
  readonly reads: Table;
  readonly versions: Versions;
  readonly sealer: Sealer;
  readonly lineages: Lineages;
  readonly tombstoneMs: number;
}

/** Items of a partition by name, without tombstones and what has ended, after a name, at most so many in all. */
async function* liveItems({ reads, clock }: ReadPorts, partition: string, after?: string, limit?: number): AsyncGenerator<Item[], void> {
  let left = limit ?? Number.POSITIVE_INFINITY;
  const pages = reads.query({
    KeyConditionExpression: 'pk = :pk',
    FilterExpression: 'attribute_not_exists(deletedAt) AND (attribute_not_exists(expiresAt) OR expiresAt > :now)',
    ExpressionAttributeValues: { ':pk': { S: partition }, ':now': { N: String(clock.now() / 1000) } },
    ...(after !== undefined && { ExclusiveStartKey: { pk: { S: partition }, sk: { S: after } } }),
    ...(limit !== undefined && { Limit: limit }),
  });
  for await (const items of pages) {
    yield items.slice(0, left);
    left -= items.length;
    if (left <= 0) return;
  }
}

/** Names and index keys in the order of an index; in the condition `#key` is the index's own key. */
async function* indexed(reads: Table, index: IndexName, partition: string, condition: string, values: Item): AsyncGenerator<Item, void> {
  if (Object.values(values).some(({ S }) => S !== undefined && !indexable(S))) return;
  const pages = reads.query({
    IndexName: index,
    KeyConditionExpression: `pk = :pk AND ${condition}`,
    ExpressionAttributeNames: { '#key': indexes[index].key },
    ExpressionAttributeValues: { ':pk': { S: partition }, ...values },
  });
  for await (const items of pages) yield* items;
}

type Reads = Pick<Store, 'get' | 'dueAt' | 'list' | 'ownedBy' | 'dependentsOf' | 'ofCluster' | 'due' | 'wasDeleted'>;

export function createReads(ports: ReadPorts): Reads {
  const { clock, reads, versions, sealer, lineages, tombstoneMs } = ports;
  const texts = createTexts();
  const dues = new WeakMap<KubeObject, number | undefined>();

  const noted = (item: Item, kind: Kind): Stored => {
    const stored = storedOf(item, kind, sealer);
    versions.observe(stored.version);
    return stored;
  };

  /** The objects as their kind's schema describes them: nothing else is ever stored in its partition. */
  async function opened<T extends KubeObject>(stored: readonly Stored[], kind: Kind<T>): Promise<T[]> {
    const read = await texts.of(stored, kind);
    return stored.map((one, i) => {
      const object = objectFrom(read[i]!, one) as T;
      lineages.remember(one, object);
      return object;
    });
  }

  /** The live objects that an index names. Between the two reads an object may have changed, so each is asked again. */
  async function named<T extends KubeObject>(kind: Kind<T>, entries: AsyncIterable<Item>, belongs: (object: T) => boolean): Promise<T[]> {
    const names: Key[] = [];
    for await (const { pk, sk } of entries) names.push({ pk: pk!.S!, sk: sk!.S! });
    const items = await reads.getAll(names);
    const now = clock.now();
    const there = items.map((item) => noted(item, kind)).filter((stored) => stored.isThere(now));
    const objects = await opened(there.sort(byName), kind);
    return objects.filter(belongs);
  }

  const byOwner = <T extends KubeObject>(kind: Kind<T>, namespace: string, uid: string, belongs: (object: T) => boolean): Promise<T[]> =>
    named(kind, indexed(reads, 'byOwner', partitionOf(kind, namespace), '#key = :owner', { ':owner': { S: uid } }), belongs);

  async function namespacesFrom(first: string): Promise<string[]> {
    const names: string[] = [];
    for await (const items of liveItems(ports, partitionOf(namespaceKind, '')))
      for (const { sk } of items) if (sk!.S! >= first) names.push(sk!.S!);
    return names;
  }

  async function list<T extends KubeObject>(kind: Kind<T>, { namespace, limit, after }: ListQuery = {}): Promise<Page<T>> {
    const resourceVersion = String(versions.ceiling());
    const clusterScoped = kind.scope === 'Cluster';
    const namespaces = clusterScoped ? [''] : namespace === undefined ? await namespacesFrom(after?.namespace ?? '') : [namespace];
    const items: T[] = [];
    for (const each of namespaces) {
      const start = after?.namespace === each ? after.name : undefined;
      const left = limit === undefined ? undefined : limit - items.length;
      for await (const page of liveItems(ports, partitionOf(kind, each), start, left))
        for (const object of await opened(
          page.map((item) => noted(item, kind)),
          kind,
        ))
          items.push(object);
      if (limit !== undefined && items.length >= limit) {
        const next = { namespace: each, name: items.at(-1)!.metadata.name };
        return { items, resourceVersion, next };
      }
    }
    return { items, resourceVersion };
  }

  return {
    list,

    async get<T extends KubeObject>(kind: Kind<T>, { namespace, name }: ObjectName) {
      const item = await reads.get({ pk: partitionOf(kind, namespace), sk: name });
      const stored = item && noted(item, kind);
      if (!stored?.isThere(clock.now())) return undefined;
      const object = (await opened([stored], kind))[0]!;
      dues.set(object, stored.dueAt);
      return object;
    },

    dueAt: (object) => dues.get(object),

    ownedBy: (kind, namespace, ownerUid) => byOwner(kind, namespace, ownerUid, (object) => controllerOf(object)?.uid === ownerUid),

    dependentsOf: (kind, namespace, ownerUid) => byOwner(kind, namespace, ownerUid, (object) => refersTo(object, ownerUid)),

    ofCluster: (kind, namespace, cluster) =>
      named(
        kind,
        indexed(reads, 'byCluster', partitionOf(kind, namespace), '#key = :cluster', { ':cluster': { S: cluster } }),
        (object) => object.metadata.labels?.[keys.clusterName] === cluster,
      ),

    async due(kind, namespace, until) {
      const latest = { ':from': { N: '0' }, ':until': { N: String(Math.min(until, Number.MAX_SAFE_INTEGER)) } };
      const names: ObjectName[] = [];
      for await (const { sk } of indexed(reads, 'byDue', partitionOf(kind, namespace), '#key BETWEEN :from AND :until', latest))
        names.push({ namespace, name: sk!.S! });
      return names;
    },

    async wasDeleted(kind, { namespace, name }, uid) {
      const item = await reads.get({ pk: partitionOf(kind, namespace), sk: name });
      if (item === undefined) return false;
      const { uid: last, deletedAt, replaced } = noted(item, kind);
      const since = clock.now() - tombstoneMs;
      if (last === uid) return deletedAt !== undefined && deletedAt > since;
      return replaced?.uid === uid && timeOf(replaced.version) > since;
    },
  };
}

/** What the feed reads: changes by the version index, and all that is live. What this process wrote itself is not read again. */
export function createSource({ clock, reads, versions, sealer, ...rest }: ReadPorts, own: OwnWrites): Source {
  const ports = { clock, reads, versions, sealer, ...rest };
  return {
    async since(kind, partition, after, isNews) {
      const newest = new Map<string, number>();
      for await (const { sk, rv } of indexed(reads, 'byVersion', partition, '#key > :after', { ':after': { N: String(after) } }))
        newest.set(sk!.S!, Number(rv!.N));
      const items: Item[] = [];
      const others: Key[] = [];
      for (const [sk, version] of newest) {
        if (!isNews(sk, version)) continue;
        const item = own.find(partition, sk, version);
        if (item === undefined) others.push({ pk: partition, sk });
        else items.push(item);
      }
      items.push(...(await reads.getAll(others)));
      const now = clock.now();
      const states = items.map((item) => storedOf(item, kind, sealer));
      for (const { version } of states) versions.observe(version);
      return states.filter((state) => state.version > after && (state.deleted || state.isThere(now)));
    },

    async *live(kind, partition) {
      for await (const items of liveItems(ports, partition)) yield items.map((item) => storedOf(item, kind, sealer));
    },
  };
}
