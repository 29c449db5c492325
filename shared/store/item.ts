import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import type { Kind } from '../kinds/define-kind.ts';
import { isEnding, waitsFor } from '../kinds/deletion.ts';
import { keys } from '../kinds/fields.ts';
import { controllerOf, type KubeObject } from '../kinds/object.ts';
import { openBody } from './body.ts';
import { partsOf } from './partition.ts';
import type { Sealer } from './seal.ts';
import type { Replaced, State } from './state.ts';
import type { Woken } from './store.ts';
import { unzipAll } from './unzip.ts';

/**
 * An object or its tombstone as an item of the table.
 *
 * | attribute | |
 * |---|---|
 * | pk, sk | partition, name |
 * | rv, createdRv, labelsRv | versions: of this write, of the first one, of the last change of labels |
 * | uid, obj | the object's uid and body |
 * | owner, cluster | index keys: the uid of the controlling owner, or of the first one; the cluster-name label; tombstones have neither |
 * | dueAt | index key: when to look again (ms), or, below zero, minus the time at which the item ends, so that one index serves both |
 * | expiresAt | when the item ends, in seconds, for the table's time to live |
 * | deletedAt | tombstones: when, in ms |
 * | ending | what is being deleted and waits for others: the finalizer that must be taken away when they are gone |
 * | owned | that this write names owners, of whom nobody knows yet whether they are there |
 * | replacedUid, replacedRv | the deleted object that had the name before |
 * | wakes | whom the write wakes, if not all whom it may concern |
 * | writes | ids of the last writes, 8 bytes each, the newest first: whose reply was lost finds itself here |
 */
export type Item = Record<string, AttributeValue>;

export interface Key {
  readonly pk: string;
  readonly sk: string;
}

/** All of an item but what is new with each try to write it. */
export interface Draft {
  readonly partition: string;
  readonly name: string;
  readonly uid: string;
  readonly body: Uint8Array;
  readonly owner?: string;
  readonly cluster?: string;
  /** ms since 1970. */
  readonly dueAt?: number;
  /** ms since 1970. */
  readonly expiresAt?: number;
  /** ms since 1970. */
  readonly deletedAt?: number;
  readonly wakes?: Woken;
  readonly ending?: string;
  readonly owned?: true;
}

/** What an item takes over from the versions before it. */
export interface Lineage {
  /** Absent: this version is the first. */
  readonly createdVersion?: number;
  /** Absent: the labels change with this version. */
  readonly labelsVersion?: number;
  readonly replaced?: Replaced;
  readonly writes: Uint8Array;
}

/** One try of a write. */
export interface Attempt {
  readonly version: number;
  readonly id: Uint8Array;
}

export const writeIdLength = 8;
/** A write that lost its reply finds itself as long as no more than this many others came after it. */
const writesKept = 16;

const text = (value: string): AttributeValue => ({ S: value });
const number = (value: number): AttributeValue => ({ N: String(value) });

export function itemOf(draft: Draft, { version, id }: Attempt, lineage: Lineage): Item {
  const dueAt = draft.expiresAt === undefined ? draft.dueAt : -draft.expiresAt;
  return {
    pk: text(draft.partition),
    sk: text(draft.name),
    rv: number(version),
    createdRv: number(lineage.createdVersion ?? version),
    labelsRv: number(lineage.labelsVersion ?? version),
    uid: text(draft.uid),
    obj: { B: draft.body },
    writes: { B: Buffer.concat([id, lineage.writes.subarray(0, writeIdLength * (writesKept - 1))]) },
    ...(draft.owner !== undefined && { owner: text(draft.owner) }),
    ...(draft.cluster !== undefined && { cluster: text(draft.cluster) }),
    ...(dueAt !== undefined && { dueAt: number(Math.ceil(dueAt)) }),
    ...(draft.expiresAt !== undefined && { expiresAt: number(Math.ceil(draft.expiresAt / 1000)) }),
    ...(draft.deletedAt !== undefined && { deletedAt: number(draft.deletedAt) }),
    ...(draft.wakes !== undefined && { wakes: text(draft.wakes) }),
    ...(draft.ending !== undefined && { ending: text(draft.ending) }),
    ...(draft.owned && { owned: text('new') }),
    ...(lineage.replaced !== undefined && { replacedUid: text(lineage.replaced.uid), replacedRv: number(lineage.replaced.version) }),
  };
}

/** The index keys that an object shows in clear. DynamoDB takes no empty key and none over 1024 bytes: what is so stands in no index. */
export function indexKeysOf(object: KubeObject): Pick<Draft, 'owner' | 'cluster'> {
  const owner = (controllerOf(object) ?? object.metadata.ownerReferences?.[0])?.uid;
  const cluster = object.metadata.labels?.[keys.clusterName];
  return { ...(indexable(owner) && { owner }), ...(indexable(cluster) && { cluster }) };
}

/** What it shows in clear of those for whom it waits in order to go: the stream is filtered by it. */
export function endingOf(kind: Kind, object: KubeObject): Pick<Draft, 'ending'> {
  const ending = waitsFor(kind, object) ?? (isNamespace(kind) && isEnding(object) ? 'kubernetes' : undefined);
  return ending === undefined ? {} : { ending };
}

const isNamespace = ({ group, kind }: Kind): boolean => group === '' && kind === 'Namespace';

export const indexable = (key: string | undefined): key is string => key !== undefined && key !== '' && Buffer.byteLength(key) <= 1024;

const numberIn = (item: Item, attribute: string): number | undefined => {
  const value = item[attribute]?.N;
  return value === undefined ? undefined : Number(value);
};

/** True when one of the last writes of the item is this one. */
export function wasWrittenBy(item: Item, attempt: Attempt): boolean {
  const writes = item.writes?.B ?? new Uint8Array();
  for (let at = 0; at < writes.length; at += writeIdLength)
    if (Buffer.compare(writes.subarray(at, at + writeIdLength), attempt.id) === 0) return true;
  return false;
}

/** What a stored item says besides its state. */
export interface Stored extends State {
  /** The text, gzipped: many are unzipped together. */
  zipped(): Promise<Uint8Array>;
  readonly writes: Uint8Array;
  /** ms since 1970. */
  readonly deletedAt?: number;
  /** ms since 1970. */
  readonly dueAt?: number;
  /** It is live, and its time is not over. */
  isThere(now: number): boolean;
}

export function storedOf(item: Item, kind: Pick<Kind, 'sealed'>, sealer: Sealer): Stored {
  const partition = item.pk!.S!;
  const name = item.sk!.S!;
  const uid = item.uid!.S!;
  const deletedAt = numberIn(item, 'deletedAt');
  const expiresAt = numberIn(item, 'expiresAt');
  const dueAt = numberIn(item, 'dueAt');
  const replacedUid = item.replacedUid?.S;
  const zipped = () => openBody(item.obj!.B!, kind.sealed, { partition, name, uid }, sealer);
  return {
    partition,
    namespace: partsOf(partition).namespace,
    name,
    uid,
    version: numberIn(item, 'rv')!,
    createdVersion: numberIn(item, 'createdRv')!,
    labelsVersion: numberIn(item, 'labelsRv')!,
    deleted: deletedAt !== undefined,
    writes: item.writes!.B!,
    ...(deletedAt !== undefined && { deletedAt }),
    ...(dueAt !== undefined && dueAt >= 0 && { dueAt }),
    ...(replacedUid !== undefined && { replaced: { uid: replacedUid, version: numberIn(item, 'replacedRv')! } }),
    isThere: (now) => deletedAt === undefined && (expiresAt === undefined || now < expiresAt * 1000),
    zipped,
    text: async () => unzipAll([await zipped()])[0]!,
  };
}
