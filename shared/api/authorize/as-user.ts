import { secret } from '../../kinds/core/secret.ts';
import type { Kind } from '../../kinds/define-kind.ts';
import { keys } from '../../kinds/fields.ts';
import type { KubeObject } from '../../kinds/object.ts';
import type { Change, Store, WatchQuery } from '../../store/store.ts';
import { logDenial } from '../allow.ts';
import { type ApiOptions, type Attributes, type Authorize, isRead } from '../call.ts';
import type { StatusError } from '../status.ts';
import { denied } from './denied.ts';
import { refuseEscalation } from './escalation.ts';
import { hidingFrom } from './hide.ts';

/** One call that was allowed: what it does, to which kind. */
export interface Allowed {
  readonly authorize: Authorize;
  readonly attributes: Attributes;
  readonly kind: Kind;
}

/**
 * The API as the user of one call has it: what they may not see is not in its store, and what they may not give is not admitted.
 * Whatever verb asks, and however it shows its answer, it passes through here.
 */
export function asUser(api: ApiOptions, allowed: Allowed): ApiOptions {
  const writer = { user: allowed.attributes.user, authorize: allowed.authorize, store: api.store };
  return {
    ...api,
    store: visibleTo(allowed, api),
    admit: async (kind, object) => {
      await refuseEscalation(writer, kind, object);
      return (await api.admit?.(kind, object)) ?? [];
    },
  };
}

/** Objects of a kind that may hold secrets, and that somebody has labelled so, whatever the label's value. */
const isSensitive = ({ sealed }: Kind, { metadata }: KubeObject): boolean => sealed && Object.hasOwn(metadata.labels ?? {}, keys.sensitive);

/**
 * The store without the sensitive objects of the call's kind in namespaces in which the user may not get Secrets. Lists and watches
 * leave them out; to read one, also in order to change or delete it, is forbidden. That there is one of this name is no secret.
 * Objects of other kinds are as they are: what the API reads for itself, such as the content of a namespace, it needs whole.
 */
function visibleTo({ authorize, attributes, kind: called }: Allowed, { store, log }: Pick<ApiOptions, 'store' | 'log'>): Store {
  const { user } = attributes;
  const maySee = async (object: KubeObject): Promise<boolean> => {
    if (!isSensitive(called, object)) return true;
    const { namespace } = object.metadata;
    const ask = { user, verb: 'get', group: secret.group, resource: secret.plural, ...(namespace !== undefined && { namespace }) };
    return (await authorize(ask)).allowed;
  };

  /** A right that is taken away ends its watches with the next change: nothing more is told. */
  async function* whileAllowed(changes: AsyncIterable<Change<KubeObject>>, { from }: WatchQuery): AsyncGenerator<Change<KubeObject>> {
    const hide = hidingFrom(from);
    for await (const change of changes) {
      if (change.object !== undefined) {
        const { allowed, reason } = await authorize(attributes);
        if (!allowed) throw refusal(attributes, reason);
      }
      const seen = hide(change, change.object === undefined || (await maySee(change.object)));
      if (seen !== undefined) yield seen;
    }
  }

  /** A write has a line of its own, whatever comes of it. */
  const refusal = (asked: Attributes, reason: string | undefined): StatusError => {
    if (isRead(asked.verb)) logDenial(log, asked);
    return denied(asked, reason);
  };

  return {
    ...store,
    async get(kind, name) {
      const object = await store.get(kind, name);
      if (object === undefined || !isOf(called, kind) || (await maySee(object))) return object;
      // A list of one name finds nothing, as any other list.
      if (selecting.has(attributes.verb)) return undefined;
      throw refusal({ ...attributes, name: name.name }, `it is labelled ${keys.sensitive}: that takes the right to get secrets there too`);
    },
    async list(kind, query) {
      const page = await store.list(kind, query);
      if (!isOf(called, kind) || !called.sealed) return page;
      const items = [];
      for (const object of page.items) if (await maySee(object)) items.push(object);
      return { ...page, items };
    },
    watch<T extends KubeObject>(kind: Kind<T>, query: WatchQuery): AsyncIterable<Change<T>> {
      const changes = store.watch(kind, query);
      return isOf(called, kind) ? (whileAllowed(changes, query) as AsyncIterable<Change<T>>) : changes;
    },
  };
}

/** Verbs of collections. */
const selecting = new Set<string>(['list', 'watch', 'deletecollection']);

const isOf = (called: Kind, { group, plural }: Pick<Kind, 'group' | 'plural'>): boolean =>
  called.group === group && called.plural === plural;
