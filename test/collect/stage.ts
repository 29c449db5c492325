import { type Ask, type Collector, createCollector } from '../../shared/collect/collector.ts';
import { configMap } from '../../shared/kinds/core/config-map.ts';
import type { Kind } from '../../shared/kinds/define-kind.ts';
import { finalizersFor, isHeld, type Propagation, terminating } from '../../shared/kinds/deletion.ts';
import { kinds } from '../../shared/kinds/index.ts';
import type { KubeObject, ObjectMeta, OwnerReference } from '../../shared/kinds/object.ts';
import { storeOrRemove } from '../../shared/reconcile/deletion.ts';
import { createMemoryStore } from '../../shared/store/memory.ts';
import { ensureNamespaces } from '../../shared/store/namespaces.ts';
import { concernsCollector, parseRecord, type StreamRecord } from '../../shared/store/record.ts';
import { aesSealer, type Key } from '../../shared/store/seal.ts';
import type { Store } from '../../shared/store/store.ts';
import { seededRandom, type VirtualClock, virtualClock } from '../clock.ts';
import { silent } from '../reconcile/ports.ts';

/** A store with its stream, and a collector that hears it. */
export interface Stage {
  readonly store: Store;
  readonly clock: VirtualClock;
  /** The collector hears all that it was not told yet, and what follows from that. */
  settle(): Promise<void>;
  look(ask?: Ask): Promise<void>;
  /** The collector dies; the next one knows nothing. `deaf`: nor does it hear what that one had not heard. */
  crash(deaf?: boolean): void;
  /** A ConfigMap in `default`, as a client makes it. */
  make(name: string, owners?: readonly OwnerReference[], more?: Partial<ObjectMeta>): Promise<KubeObject>;
  create<T extends KubeObject>(kind: Kind<T>, object: T): Promise<T>;
  /** DELETE, as the API does it. */
  remove(object: Pick<KubeObject, 'kind' | 'metadata'>, propagation?: Propagation): Promise<void>;
  /** Takes all finalizers away, as whoever has them would. */
  release(object: Pick<KubeObject, 'kind' | 'metadata'>): Promise<void>;
  find(kind: Kind, name: string, namespace?: string): Promise<KubeObject | undefined>;
  /** Names of the ConfigMaps in `default`, those that are being deleted with their finalizers: `a, b(orphan)`. */
  names(): Promise<string>;
}

const key: Key = { id: 'test', bytes: new Uint8Array(32) };

export const kindOf = ({ kind }: Pick<KubeObject, 'kind'>): Kind => kinds.find((each) => each.kind === kind)!;

/** `through`: what the collector has of the store. */
export async function stage(through: (store: Store) => Store = (store) => store): Promise<Stage> {
  const clock = virtualClock();
  const sealer = aesSealer({ current: () => key, byId: () => key }, seededRandom(3));
  let untold: StreamRecord[] = [];
  const committed = (record: StreamRecord): void => {
    if (concernsCollector(record)) untold.push(record);
  };
  const store = createMemoryStore({ clock, random: seededRandom(1), sealer, committed });
  await ensureNamespaces(store);
  const hire = (): Collector => createCollector({ store: through(store), clock, log: silent });
  let collector = hire();

  async function settle(): Promise<void> {
    for (let record = untold.shift(); record !== undefined; record = untold.shift()) {
      const change = parseRecord(record);
      const kind = kinds.find(({ group, plural }) => group === change?.group && plural === change.plural);
      if (change === undefined || kind === undefined || change.wakes === 'nobody') continue;
      await collector.heard({ kind, object: await change.open(kind, sealer), deleted: change.deleted }).catch((error: unknown) => {
        untold.unshift(record!);
        throw error;
      });
    }
  }

  const at = ({ kind, metadata: { name, namespace = '' } }: Pick<KubeObject, 'kind' | 'metadata'>) =>
    store.get(kindOf({ kind }), { namespace, name });

  return {
    store,
    clock,
    settle,
    look: (ask = 'everything') => collector.look(ask),
    crash(deaf = false) {
      collector = hire();
      if (deaf) untold = [];
    },
    make: (name, ownerReferences, more = {}) =>
      store.create(
        configMap,
        {
          apiVersion: 'v1',
          kind: 'ConfigMap',
          metadata: {
            name,
            namespace: 'default',
            ...(ownerReferences !== undefined && { ownerReferences: [...ownerReferences] }),
            ...more,
          },
        },
        ownerReferences === undefined ? {} : { owned: true },
      ),
    create: (kind, object) => store.create(kind, object),
    async remove(object, propagation) {
      const live = await at(object);
      if (live === undefined) return;
      const kind = kindOf(object);
      const next = terminating(live, finalizersFor(kind, live, propagation), clock.now());
      await (isHeld(next) ? store.update(kind, next) : store.remove(kind, live));
    },
    async release(object) {
      const live = await at(object);
      if (live === undefined) return;
      const { finalizers: _, ...metadata } = live.metadata;
      await storeOrRemove(store, kindOf(object), { ...live, metadata }, clock.now());
    },
    find: (kind, name, namespace = 'default') => store.get(kind, { namespace: kind.scope === 'Cluster' ? '' : namespace, name }),
    async names() {
      const { items } = await store.list(configMap, { namespace: 'default' });
      const inWords = ({ metadata: { name, deletionTimestamp, finalizers = [] } }: KubeObject): string =>
        deletionTimestamp === undefined ? name : `${name}(${finalizers.join(' ')})`;
      return items.map(inWords).join(', ');
    },
  };
}

/** A reference to an owner. */
export const owner = (
  { apiVersion, kind, metadata: { name, uid = '' } }: KubeObject,
  more: Partial<OwnerReference> = {},
): OwnerReference => ({
  apiVersion,
  kind,
  name,
  uid,
  ...more,
});

export const blocking = (object: KubeObject): OwnerReference => owner(object, { blockOwnerDeletion: true });
