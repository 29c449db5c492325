import { namespace as namespaceKind } from '../kinds/core/namespace.ts';
import type { Kind } from '../kinds/define-kind.ts';
import { isBeingDeleted, waitsFor } from '../kinds/deletion.ts';
import { type KubeObject, nameOf, type ObjectName } from '../kinds/object.ts';
import type { Store } from '../store/store.ts';
import { type Known, ownable, pages, shownDependents } from './dependents.ts';
import { createNamespaceEnds } from './end-namespace.ts';
import { judgeObject } from './judge-object.ts';
import { letOwnerGo } from './let-go.ts';
import { ownersOf, waitingOwners } from './owners.ts';
import { type CollectPorts, forEach } from './ports.ts';

/** Something that the store's stream tells of: an end, or new owners. */
export interface Told {
  readonly kind: Kind;
  /** The object as it is now, or as it last was; of a sealed kind only its metadata. */
  readonly object: KubeObject;
  readonly deleted: boolean;
}

/** What a sweep asks for: everything, or these Namespaces, which are being deleted. */
export type Ask = 'everything' | readonly string[];

/** Has the collector look. It need not wait for the end of that. */
export type Collect = (ask: Ask) => Promise<unknown>;

/**
 * Deletes what has no owner left, and lets those go that wait for what they own: dependents, and the content of Namespaces. It decides by
 * consistent reads alone; what it is told only says where to look. All of it is safe to repeat, and to do twice at the same time.
 */
export interface Collector {
  heard(told: Told): Promise<void>;
  look(ask: Ask): Promise<void>;
}

export function createCollector(ports: CollectPorts): Collector {
  const { store, log } = ports;
  const endNamespace = createNamespaceEnds(ports);

  async function gone(known: Known): Promise<void> {
    const { kind, object } = known;
    const { namespace } = nameOf(object);
    await forEach(await shownDependents(store, known), (one) => judgeObject(one.kind, nameOf(one.object), ports));
    await forEach(await waitingOwners(store, object), (owner) => letOwnerGo(owner.kind, nameOf(owner.object), ports));
    if (kind.scope === 'Namespaced') await endNamespace(namespace, 'when something went');
  }

  async function going({ kind, object }: Known): Promise<void> {
    await letOwnerGo(kind, nameOf(object), ports);
    if (isNamespace(kind)) await endNamespace(object.metadata.name, 'when something went');
  }

  /** Whatever may have been missed: what names owners is judged, who waits is looked at, Namespaces are emptied. */
  async function lookAtAll(): Promise<void> {
    const { items: namespaces } = await store.list(namespaceKind);
    const reads = remembering(store);
    for (const kind of ownable) {
      const places = kind.scope === 'Cluster' ? [''] : namespaces.map(({ metadata }) => metadata.name);
      for (const place of places)
        for await (const page of pages(store, kind, place)) await forEach(page, (object) => lookAt({ kind, object }, reads));
    }
    for (const { metadata } of namespaces) await quietly(metadata.name, () => endNamespace(metadata.name, 'anyhow'));
  }

  async function lookAt({ kind, object }: Known, reads: Pick<Store, 'get'>): Promise<void> {
    const name = nameOf(object);
    await quietly(`${kind.kind} ${name.namespace}/${name.name}`, async () => {
      // What is remembered of owners says only whom to look at anew.
      const owners = await ownersOf(reads, object);
      if (owners.some(({ state }) => state === 'absent')) await judgeObject(kind, name, ports);
      if (waitsFor(kind, object) !== undefined) await letOwnerGo(kind, name, ports);
    });
  }

  /** One that cannot be looked at must not keep the others from being looked at. */
  async function quietly(about: string, act: () => Promise<unknown>): Promise<void> {
    try {
      await act();
    } catch (error) {
      log.error('could not collect', { about, error: String(error) });
    }
  }

  return {
    async heard({ kind, object, deleted }) {
      if (kind.expiresAfter !== undefined) return;
      if (deleted) await gone({ kind, object });
      else if (isBeingDeleted(object)) await going({ kind, object });
      else await judgeObject(kind, nameOf(object), ports);
    },
    async look(ask) {
      if (ask === 'everything') return lookAtAll();
      for (const name of ask) await quietly(name, () => endNamespace(name, 'anyhow'));
    },
  };
}

/** Reads each object once: a thousand Machines of one MachineSet ask for it together. */
function remembering(store: Store): Pick<Store, 'get'> {
  const read = new Map<string, Promise<unknown>>();
  return {
    get<T extends KubeObject>(kind: Kind<T>, { namespace, name }: ObjectName): Promise<T | undefined> {
      const key = `${kind.plural}.${kind.group}/${namespace}/${name}`;
      const answer = read.get(key) ?? store.get(kind, { namespace, name });
      read.set(key, answer);
      return answer as Promise<T | undefined>;
    },
  };
}

const isNamespace = ({ group, kind }: Kind): boolean => group === '' && kind === 'Namespace';
