import type { Kind } from '../../../shared/kinds/define-kind.ts';
import { systemNamespace } from '../../../shared/kinds/fields.ts';
import type { Entry } from '../entries.ts';

/** What a function may reach. What is not here it cannot: its role has nothing else but its own log. */
export interface Access {
  /** `settle`: also change when an object is due. Nobody deletes an item: tombstones end by themselves. */
  readonly table?: 'read' | 'put' | 'put and settle';
  /** The customer key, as far as it opens and makes the keys under which this plane's secrets are sealed. */
  readonly secrets?: 'open' | 'open and seal';
  /** The table's stream. */
  readonly stream?: true;
  /** Takes wakes from the queue of its kind. */
  readonly takesWakes?: true;
  /** Sends wakes to every queue. */
  readonly sendsWakes?: true;
  /** Starts state machines and asks how executions ended. */
  readonly workflows?: true;
  /** Calls the functions of the steps. */
  readonly steps?: true;
  /** Calls the collector. */
  readonly collector?: true;
  /** Answers clients, and so must know who they are. */
  readonly clients?: true;
}

/** The one table of who reaches what. */
export function accessOf({ sort, kind }: Entry, kinds: readonly Kind[]): Access {
  switch (sort) {
    case 'api':
      return { table: 'put', clients: true, ...(kind!.sealed && { secrets: 'open and seal' }) };
    case 'discovery':
      // Who somebody is stands in the table.
      return { table: 'read', clients: true };
    case 'reconcile':
      return { table: 'put and settle', takesWakes: true, workflows: true, ...(waitsForSecrets(kind!, kinds) && { secrets: 'open' }) };
    case 'dispatch':
      return { table: 'read', secrets: 'open', stream: true, sendsWakes: true };
    case 'executions':
      return { sendsWakes: true };
    case 'collect':
      // It deletes whatever there is, and leaves tombstones of Secrets too.
      return { table: 'put', secrets: 'open and seal', stream: true };
    case 'sweep':
      // It makes the namespaces that always exist.
      return { table: 'put', sendsWakes: true, steps: true, collector: true };
    case 'steps':
      return { table: 'put and settle', secrets: 'open and seal', workflows: true };
    case 'cloud-steps':
      // Nothing of the cloud: it is reached over the network, with the user's credentials, which are in a Secret.
      return { table: 'put', secrets: 'open' };
  }
}

export const isNamespace = ({ group, plural }: Kind): boolean => group === '' && plural === 'namespaces';

/** A kind that a secret wakes when it changes looks at the secret. */
const waitsForSecrets = ({ kind }: Kind, kinds: readonly Kind[]): boolean =>
  kinds.filter(({ sealed }) => sealed).some((each) => each.wakes(sample(each)).some((interested) => interested.kind === kind));

/** Credentials stand in the system namespace: only what happens there wakes anybody. */
const sample = ({ kind }: Kind) => ({ apiVersion: '', kind, metadata: { name: '', namespace: systemNamespace } });
