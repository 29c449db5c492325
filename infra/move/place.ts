import type { Kind } from '../../shared/kinds/define-kind.ts';
import type { KubeObject } from '../../shared/kinds/object.ts';
import type { Clock } from '../../shared/ports.ts';
import type { Store } from '../../shared/store/store.ts';

/** A plane that is left or moved to, as its operator reaches it: by its table, past its API. */
export interface Place {
  /** As a sentence names it: `the plane in .plastron`. */
  readonly describe: string;
  readonly store: Store;
  /**
   * For how long nothing may have changed before it is believed that nobody acts any more, ms: longer than a reconcile takes from
   * reading a Cluster to starting an execution. 0: no process of this plane runs.
   */
  readonly quietMs: number;
  /** The names of the executions that have not ended. */
  running(): Promise<readonly string[]>;
  close(): Promise<void>;
}

/** An object and what it is. */
export interface Kept {
  readonly kind: Kind;
  readonly object: KubeObject;
}

export interface MovePorts {
  readonly clock: Clock;
  /** Says how far it is, in one line. Never what is in an object. */
  readonly tell: (says: string) => void;
}

/** `Machine default/m-1` */
export const called = ({ kind, object: { metadata } }: Kept): string =>
  `${kind.kind} ${metadata.namespace === undefined ? '' : `${metadata.namespace}/`}${metadata.name}`;

/** The same for the same object, whatever its uid and version; groups may have kinds of one name. */
export const keyOf = (one: Kept): string => `${one.kind.group}/${called(one)}`;

/** `a, b, c and 7 others` */
export function someOf(names: readonly string[], most = 5): string {
  const others = names.length - most;
  return names.slice(0, most).join(', ') + (others > 0 ? ` and ${others} ${others === 1 ? 'other' : 'others'}` : '');
}
