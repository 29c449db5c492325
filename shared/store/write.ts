import { RetryLater } from '../errors.ts';
import type { Kind } from '../kinds/define-kind.ts';
import { type KubeObject, nameOf } from '../kinds/object.ts';
import { encodeBody, remainsOf } from './body.ts';
import { type Draft, endingOf, type Item, indexKeysOf, type Lineage, type Stored, storedOf } from './item.ts';
import type { Lineages } from './lineage.ts';
import { isAnother, isGone, isTaken } from './messages.ts';
import { endOf, newborn, readAs, reborn, withVersion } from './newborn.ts';
import { partitionOf } from './partition.ts';
import { type Expected, putOnce } from './put.ts';
import type { Sealer } from './seal.ts';
import type { Store, Write } from './store.ts';
import type { Table, TablePorts } from './table.ts';
import type { Versions } from './version.ts';

export interface WritePorts extends TablePorts {
  readonly reads: Table;
  readonly versions: Versions;
  readonly sealer: Sealer;
  readonly lineages: Lineages;
  /** How long a tombstone stays, ms. */
  readonly tombstoneMs: number;
  /** Called once for each write, when it is stored. `first`: nothing was stored under the name. */
  readonly stored: (item: Item, first: boolean) => void;
}

const nothingBefore: Lineage = { writes: new Uint8Array() };

/** Tombstones stay this much longer than watches may come from, so that one that was just let in finds them. */
export const marginMs = 60_000;

/** Times that a create may find yet another tombstone in its place. */
const rounds = 5;

interface Identity {
  readonly uid: string;
  isOurs(found: Stored): boolean;
}

export function createWrites(ports: WritePorts): Pick<Store, 'create' | 'restore' | 'update' | 'remove'> {
  const { clock, random, versions, sealer, lineages, reads, tombstoneMs } = ports;

  function finish<T extends KubeObject>(kind: Kind<T>, object: T, item: Item, first = false): T {
    const stored = storedOf(item, kind, sealer);
    if (!stored.deleted) lineages.remember(stored, object);
    ports.stored(item, first);
    return withVersion(object, stored.version);
  }

  async function draftOf(kind: Kind, object: KubeObject, uid: string, write: Write): Promise<Draft> {
    const { namespace, name } = nameOf(object);
    const place = { partition: partitionOf(kind, namespace), name, uid };
    const expiresAt = endOf(kind, clock.now());
    return {
      ...place,
      body: await encodeBody(kind, object, place, sealer),
      ...indexKeysOf(object),
      ...endingOf(kind, object),
      ...(write.dueAt !== undefined && { dueAt: write.dueAt }),
      ...(write.wakes !== undefined && { wakes: write.wakes }),
      ...(write.owned && { owned: write.owned }),
      ...(expiresAt !== undefined && { expiresAt }),
    };
  }

  /** From memory, else by a read that also shows whether the write can succeed at all. */
  async function lineageOf(kind: Kind, object: KubeObject): Promise<Lineage> {
    const remembered = lineages.of(object);
    if (remembered !== undefined) return remembered;
    const { namespace, name } = nameOf(object);
    const item = await reads.get({ pk: partitionOf(kind, namespace), sk: name });
    const stored = item && storedOf(item, kind, sealer);
    if (stored === undefined || stored.deleted || stored.uid !== object.metadata.uid) throw isGone(kind, { name });
    versions.observe(stored.version);
    lineages.remember(stored, JSON.parse(await stored.text()) as KubeObject);
    const lineage = lineages.of(object);
    if (lineage === undefined) throw isAnother(kind, object, stored.version);
    return lineage;
  }

  /** Puts a draft in the place of the version that was read. */
  async function replace<T extends KubeObject>(kind: Kind<T>, object: T, draft: Draft, lineage: Lineage): Promise<T> {
    const { uid, version } = readAs(kind, object);
    const result = await putOnce(ports, { draft, lineage, expected: { uid, version, live: true } });
    if (result.done) return finish(kind, object, result.item);
    const found = result.found && storedOf(result.found, kind, sealer);
    if (found === undefined || found.deleted || found.uid !== uid) throw isGone(kind, draft);
    throw isAnother(kind, object, found.version);
  }

  /** Puts an object where nothing is, or a tombstone. `isOurs` knows the object again after a reply was lost and others wrote on. */
  async function putNew<T extends KubeObject>(kind: Kind<T>, object: T, { uid, isOurs }: Identity, write: Write): Promise<T> {
    const draft = await draftOf(kind, object, uid, write);
    let expected: Expected = 'nothing';
    let lineage = nothingBefore;
    for (let round = 0; round < rounds; round++) {
      const result = await putOnce(ports, { draft, lineage, expected });
      if (result.done) return finish(kind, object, result.item, expected === 'nothing');
      const found: Stored | undefined = result.found && storedOf(result.found, kind, sealer);
      if (found !== undefined && isOurs(found)) return withVersion(object, found.createdVersion);
      if (found?.isThere(clock.now())) throw isTaken(kind, draft);
      expected = found === undefined ? 'nothing' : { uid: found.uid, version: found.version, live: false };
      lineage = found === undefined ? nothingBefore : { writes: found.writes, replaced: { uid: found.uid, version: found.version } };
    }
    throw new RetryLater(`${kind.kind} "${draft.name}" is being created and deleted by others all the time`, { retryAfter: 1 });
  }

  return {
    async create(kind, object, write = {}) {
      const uid = random.uuid();
      return putNew(kind, newborn(kind, object, uid, clock.now()), { uid, isOurs: (found) => found.uid === uid }, write);
    },

    async restore(kind, object, write = {}) {
      const kept = reborn(kind, object);
      // Its uid was given elsewhere: that it is there does not say that this call put it there.
      return putNew(kind, kept, { uid: kept.metadata.uid, isOurs: () => false }, write);
    },

    async update(kind, object, write = {}) {
      const { uid } = readAs(kind, object);
      const lineage = await lineageOf(kind, object);
      return replace(kind, object, await draftOf(kind, object, uid, write), lineage);
    },

    async remove(kind, object) {
      const { uid } = readAs(kind, object);
      const lineage = await lineageOf(kind, object);
      const { namespace, name } = nameOf(object);
      const place = { partition: partitionOf(kind, namespace), name, uid };
      const deletedAt = clock.now();
      const body = await encodeBody(kind, remainsOf(kind, object), place, sealer);
      return replace(kind, object, { ...place, body, deletedAt, expiresAt: deletedAt + tombstoneMs + marginMs }, lineage);
    },
  };
}
