import type { Cause } from '../errors.ts';
import type { Kind, Verb } from '../kinds/define-kind.ts';
import type { KubeObject } from '../kinds/object.ts';
import type { PolicyRule } from '../kinds/rbac/policy-rule.ts';
import type { Clock, Log, Random } from '../ports.ts';
import type { Store } from '../store/store.ts';
import type { ResourcePath } from './request/route.ts';

/** Who asks. */
export interface User {
  readonly name: string;
  readonly groups: readonly string[];
  /** Who really asks, when they ask in this user's name. */
  readonly impersonator?: string;
}

/** Undefined: nobody that we know. */
export type Authenticate = (request: Request) => Promise<User | undefined>;

export type { Verb } from '../kinds/define-kind.ts';

const reads: ReadonlySet<string> = new Set<Verb>(['get', 'list', 'watch']);

/** Whether a verb changes nothing. */
export const isRead = (verb: string): boolean => reads.has(verb);

/** Something that can be done, as RBAC sees it. */
export type Action =
  | {
      readonly verb: Verb | (string & {});
      readonly group: string;
      readonly resource: string;
      readonly subresource?: string;
      readonly namespace?: string;
      readonly name?: string;
    }
  | { readonly verb: string; readonly path: string };

/** What somebody wants to do. */
export type Attributes = { readonly user: User } & Action;

export interface Decision {
  readonly allowed: boolean;
  /** Why, for people. */
  readonly reason?: string;
}

export type Authorize = (attributes: Attributes) => Promise<Decision>;

/** The rules by which somebody may do what they may in a namespace. `errors`: why there may be more than these. */
export type RulesOf = (
  user: User,
  namespace: string,
) => Promise<{ readonly rules: readonly PolicyRule[]; readonly errors: readonly string[] }>;

/** What neither schema nor kind can say of an object: checks that need more than the kinds may import. */
export type Admit = (kind: Kind, object: KubeObject) => Promise<readonly Cause[]>;

/** Paths of fields that a schema lets pass and that mean nothing all the same: keys inside a text. The object may be unsound. */
export type UnknownFields = (kind: Kind, object: KubeObject) => readonly string[];

/** An operation on an object that is not in the kind: `pods/eviction`. Only created, as all of these upstream. */
export interface Subresource {
  readonly kind: Kind;
  readonly name: string;
  /** The kind of the body. */
  readonly body: { readonly group: string; readonly version: string; readonly kind: string };
  /** Returns what is answered with 201. */
  create(target: { readonly namespace: string; readonly name: string; readonly user: User }, body: unknown): Promise<KubeObject>;
}

/** A request for objects that is allowed. */
export interface AllowedCall extends Omit<Call, 'namespace' | 'note'> {
  readonly path: ResourcePath;
  readonly verb: Verb;
  readonly attributes: Attributes;
}

/** A kind whose objects are not in the store: they follow from the program, or are answered at once. */
export interface Generated {
  readonly kind: Kind;
  /** What everybody who is known may do with it, whatever the roles say. */
  readonly everybodyMay?: Verb;
  answer(call: AllowedCall): Promise<Response>;
}

/** What the API is made of. */
export interface ApiOptions {
  /** The kinds whose objects are served. */
  readonly kinds: readonly Kind[];
  /** The kinds that exist, for discovery and for what is in a namespace: `kinds` when absent. */
  readonly allKinds?: readonly Kind[];
  readonly store: Store;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  readonly authenticate: Authenticate;
  /** When absent, who is known may do everything. */
  readonly authorize?: Authorize;
  /** When absent, rules are found by asking `authorize` for each thing. */
  readonly rulesOf?: RulesOf;
  readonly admit?: Admit;
  /** What becomes of these is said by `fieldValidation`, as of fields that the schema does not have. */
  readonly unknownFields?: UnknownFields;
  readonly subresources?: readonly Subresource[];
  readonly generated?: readonly Generated[];
  /** No watch lives longer than so many seconds: below the limit of the host. */
  readonly longestWatch?: number;
}

export type Api = (request: Request) => Promise<Response>;

/** One request for objects, past authentication, routing and authorisation. */
export interface Call {
  readonly request: Request;
  readonly query: URLSearchParams;
  readonly user: User;
  readonly kind: Kind;
  /** '' for cluster-scoped kinds; undefined: all namespaces. */
  readonly namespace: string | undefined;
  /** Adds to what the log will say of this write, however it ends. */
  note(what: Noted): void;
}

/** What a write's path does not say of it. */
export interface Noted {
  /** Of what a POST makes. */
  readonly name?: string;
  /** How many objects a deletion of a collection has deleted. */
  readonly objects?: number;
  /** Options of a deletion may be in its body. */
  readonly dryRun?: true;
}

/** A call that names its object. */
export interface ItemCall extends Call {
  readonly namespace: string;
  readonly name: string;
}
