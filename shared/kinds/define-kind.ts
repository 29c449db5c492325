import type * as z from 'zod';
import type { Cause } from '../errors.ts';
import type { KubeObject } from './object.ts';

/** What can be done with objects. */
export type Verb = 'get' | 'list' | 'watch' | 'create' | 'update' | 'patch' | 'delete' | 'deletecollection';

/** One column of `kubectl get`, computed on the server. */
export interface Column<T> {
  /** As kubectl prints it, upper-cased by kubectl: `Ready`. */
  readonly name: string;
  readonly type: 'string' | 'integer' | 'number' | 'boolean' | 'date';
  readonly description: string;
  /** 0 always, 1 only with `-o wide`. */
  readonly priority?: 0 | 1;
  /** Where the cell is found in the object, when it stands there as it is printed: `.status.phase`. What a CustomResourceDefinition can say. */
  readonly jsonPath?: string;
  /** The cell; a column of type `date` returns the RFC 3339 time and the server prints its age. */
  value(object: T): string | number | boolean | undefined;
}

/** Another object that should be looked at when this one changes. `name` absent: all of that kind in the namespace. */
export interface Interested {
  readonly kind: string;
  readonly namespace: string;
  readonly name?: string;
  /** Only those that carry this cluster-name label. */
  readonly cluster?: string;
  /** Only those that wait for a time or a thing (their `dueAt` is set); with namespace '' in every namespace. */
  readonly waiting?: boolean;
}

/**
 * A further group and version under which the objects of a kind are served, as Kubernetes serves Events in the core group and in
 * events.k8s.io. They are stored once; what the alias does not say is as the kind has it.
 */
export interface Alias
  extends Pick<Kind, 'group' | 'version' | 'schema' | 'selectableFields' | 'validate' | 'validateNew' | 'validateChange'> {
  /** Fields at the top of the object that are called otherwise there: the name here, and the one in the alias. */
  readonly renamed: Readonly<Record<string, string>>;
}

/**
 * The face of a kind: all that the API, the store, discovery, the tables, the queues and the infrastructure need
 * to know about it. What it means is in its model and plan.
 */
export interface Kind<T extends KubeObject = KubeObject> {
  /** '' for the core group. */
  readonly group: string;
  readonly version: string;
  readonly kind: string;
  readonly plural: string;
  readonly singular: string;
  readonly shortNames: readonly string[];
  readonly categories: readonly string[];
  readonly scope: 'Namespaced' | 'Cluster';
  /**
   * What its objects may be called. Absent: as DNS has it. 'PathSegment': anything that can stand in a path, since names such as
   * `system:aggregate-to-view` are Kubernetes' own.
   */
  readonly names?: 'PathSegment';
  readonly description: string;
  /** Every field but apiVersion, kind and metadata, with defaults; every field has a description. */
  readonly schema: z.ZodObject;
  readonly columns: readonly Column<T>[];
  readonly subresources: { readonly status: boolean; readonly scale: boolean };
  /** The kinds of which it may be the controller. */
  readonly owns: readonly string[];
  /** Whom its changes wake, beside itself and its owner. */
  wakes(object: T): readonly Interested[];
  /** Has a reconciler, hence a queue and a `dueAt`. */
  readonly reconciled: boolean;
  /** By which its reconciler holds an object until what was made for it is gone. Nobody else lets go before. */
  readonly finalizer?: string;
  /** Stored sealed: its content may be a secret. */
  readonly sealed: boolean;
  /** What the schema cannot say, but the object alone can show. Runs after defaulting. */
  validate(object: T): readonly Cause[];
  /** What is asked of an object only when it is created. */
  validateNew?(object: T): readonly Cause[];
  /** What may not change between two versions. */
  validateChange?(before: T, after: T): readonly Cause[];
  /** What an update leaves as it was, without a word: only the server changes it. Runs before validation. */
  keep?(before: T, wanted: T): T;
  /** The form in which it is kept, where it is not as it was sent (`stringData` of a Secret). Runs after validation. */
  toStored?(object: T): T;
  /** Fields that `fieldSelector` may name beside metadata.name and metadata.namespace. They never change in an object's life. */
  readonly selectableFields?: readonly string[];
  /** Objects end by themselves this many seconds after their last write (Events). */
  readonly expiresAfter?: number;
  readonly aliases?: readonly Alias[];
  /** Of a kind that is an alias: the kind as which its objects are stored. */
  readonly aliasOf?: Kind;
  /** All that can be done with its objects, where that is not everything: some are only read, some are questions that are only created. */
  readonly verbs?: readonly Verb[];
}

/** The object type that a schema describes. */
export type ObjectOf<S extends z.ZodObject> = KubeObject & z.output<S>;
/** The object type of a kind. */
export type ObjectOfKind<K> = K extends Kind<infer T> ? T : never;

type Optional =
  | 'singular'
  | 'shortNames'
  | 'categories'
  | 'scope'
  | 'columns'
  | 'subresources'
  | 'owns'
  | 'wakes'
  | 'reconciled'
  | 'sealed'
  | 'validate';

/** Defines a kind from what is particular to it. */
export function defineKind<S extends z.ZodObject>(
  face: Omit<Kind<ObjectOf<S>>, Optional | 'schema'> & Partial<Pick<Kind<ObjectOf<S>>, Optional>> & { readonly schema: S },
): Kind<ObjectOf<S>> {
  return Object.freeze({
    singular: face.kind.toLowerCase(),
    shortNames: [],
    categories: [],
    scope: 'Namespaced' as const,
    columns: [],
    subresources: { status: false, scale: false },
    owns: [],
    wakes: () => [],
    reconciled: false,
    sealed: false,
    validate: () => [],
    ...face,
  });
}

export const apiVersionOf = (kind: Pick<Kind, 'group' | 'version'>): string =>
  kind.group === '' ? kind.version : `${kind.group}/${kind.version}`;
