import type { Kind } from '../kinds/define-kind.ts';
import type { KubeObject, ObjectName } from '../kinds/object.ts';

/**
 * The promises of the store. `dynamodb.ts` and `memory.ts` keep them; one conformance suite holds both to them.
 *
 * - Every read is strongly consistent: what a write has answered, every later read sees.
 * - A write is one conditional put. It happens whole or not at all, and once, even if a reply is lost on the way.
 * - `resourceVersion` is a hybrid logical clock, milliseconds * 4096 + counter, decimal: it grows with each write of
 *   an object, and compares with wall time.
 * - A deleted object stays as a tombstone for an hour, so that a watcher that was away hears of it.
 */
export interface Store {
  get<T extends KubeObject>(kind: Kind<T>, name: ObjectName): Promise<T | undefined>;

  /** Objects in order of namespace, then name. `namespace` absent: of all namespaces. */
  list<T extends KubeObject>(kind: Kind<T>, query?: ListQuery): Promise<Page<T>>;

  /**
   * Stores a new object: gives it uid, creationTimestamp, generation 1 (where its kind counts) and resourceVersion. Throws AlreadyExists.
   * Over a tombstone it makes a new object with a new uid.
   */
  create<T extends KubeObject>(kind: Kind<T>, object: T, write?: Write): Promise<T>;

  /**
   * Stores an object that lived elsewhere as it was: uid, creationTimestamp, generation, deletionTimestamp and status are kept,
   * only the resourceVersion is new. Throws AlreadyExists when the name is taken, also by itself; a tombstone gives way.
   */
  restore<T extends KubeObject>(kind: Kind<T>, object: T, write?: Write): Promise<T>;

  /**
   * Replaces the object whose `metadata.uid` and `metadata.resourceVersion` are those that were read; the answer has the
   * new version. Throws Conflict if the stored one is another version, NotFound if it is gone or another uid.
   */
  update<T extends KubeObject>(kind: Kind<T>, object: T, write?: Write): Promise<T>;

  /** Puts a tombstone in the object's place, on the same conditions as an update. Returns the last state with the deletion's version. */
  remove<T extends KubeObject>(kind: Kind<T>, object: T): Promise<T>;

  /** Sets or clears `dueAt` without a new version, if `resourceVersion` is still the stored one. False: it is not. */
  settle(kind: Kind, name: ObjectName, resourceVersion: string, dueAt?: number): Promise<boolean>;

  /** When the object was due (ms since 1970) as `get` found it; undefined: not by time. Ask with the very object that `get` gave. */
  dueAt(object: KubeObject): number | undefined;

  /** The objects of this kind whose controlling owner has this uid, by name. */
  ownedBy<T extends KubeObject>(kind: Kind<T>, namespace: string, ownerUid: string): Promise<T[]>;

  /**
   * The objects of this kind, by name, that have this owner as their controller, or without a controller as their first owner. Who names
   * it behind another is found by listing only.
   */
  dependentsOf<T extends KubeObject>(kind: Kind<T>, namespace: string, ownerUid: string): Promise<T[]>;

  /** The objects of this kind with this cluster-name label, by name. */
  ofCluster<T extends KubeObject>(kind: Kind<T>, namespace: string, cluster: string): Promise<T[]>;

  /** Names of objects whose `dueAt` is at or before `until` (Infinity: all that have one), the longest due first. */
  due(kind: Kind, namespace: string, until: number): Promise<ObjectName[]>;

  /** Proof that an object of this uid was deleted within the last hour. */
  wasDeleted(kind: Kind, name: ObjectName, uid: string): Promise<boolean>;

  /**
   * Every change after version `from`, until `signal` aborts. Absent `from`: first every object as ADDED, then on.
   * Intermediate states may be left out; the last state of every name is always seen. Throws Expired, before anything is read, when
   * `from` is older than the tombstones are kept.
   */
  watch<T extends KubeObject>(kind: Kind<T>, query: WatchQuery): AsyncIterable<Change<T>>;

  /** The clock's version now: all that is written later has a higher one. */
  version(): string;
}

export interface ListQuery {
  readonly namespace?: string;
  readonly limit?: number;
  /** Continue after this name. */
  readonly after?: ObjectName;
}

export interface Page<T> {
  readonly items: T[];
  /** The clock before the first read: a watch from here misses nothing. */
  readonly resourceVersion: string;
  /** Present when there may be more: give it as `after`. */
  readonly next?: ObjectName;
}

export interface Write {
  /** When the object's reconciler should look again, ms since 1970; absent: not by time. Only for reconciled kinds. */
  readonly dueAt?: number;
  /** Whom the write wakes; absent: all whom it may concern. Watchers see every write. */
  readonly wakes?: Woken;
  /** The object names owners that it did not name before, and nobody has looked whether they are there. */
  readonly owned?: true;
}

/**
 * 'owner': only the controlling owner, since the object's own reconciler wrote it and knows. 'nobody': a note in passing
 * that no plan would decide on (a memo, how far a step is).
 */
export type Woken = 'owner' | 'nobody';

export interface WatchQuery {
  readonly namespace?: string;
  readonly from?: string;
  readonly signal: AbortSignal;
}

export interface Change<T> {
  /**
   * SYNCED carries no object: all that was stored up to `resourceVersion` has been sent (the end of the initial
   * objects, and again after each look that found nothing more: a watch's bookmark).
   */
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED' | 'SYNCED';
  readonly resourceVersion: string;
  /** Other watches may be given the same value: it is not to be changed. */
  readonly object?: T;
  /** MODIFIED: the version at which the labels last changed, so that a selector can tell who left. */
  readonly labelsVersion?: string;
}
