import type { Operation } from '../kinds/operation.ts';

/** An operation in words, for logs and Events. */
export interface Words {
  /** One word: SuccessfulCreate. */
  readonly reason: string;
  /** What is about to be done: `creates Machine`, `scales to 2 MachineSet`. */
  readonly does: string;
  readonly name: string;
  readonly because: string;
  /** What was done, to one or to several: `Created Machines w-1, w-2`. */
  did(names: readonly string[]): string;
}

export function wordsFor(operation: Operation): Words {
  const { because } = operation;
  switch (operation.op) {
    case 'create': {
      const { kind, name } = operation;
      return { reason: 'SuccessfulCreate', does: `creates ${kind}`, name, because, did: (names) => `Created ${listed(kind, names)}` };
    }
    case 'start':
      return {
        reason: 'Started',
        does: 'starts execution',
        name: operation.execution,
        because,
        did: (names) => `Started ${listed('execution', names)}`,
      };
    case 'delete': {
      const { kind, name } = operation.target;
      return { reason: 'SuccessfulDelete', does: `deletes ${kind}`, name, because, did: (names) => `Deleted ${listed(kind, names)}` };
    }
    case 'update': {
      const replicas = operation.change.spec?.replicas;
      const { kind, name } = operation.target;
      if (replicas === undefined)
        return { reason: 'SuccessfulUpdate', does: `updates ${kind}`, name, because, did: (names) => `Updated ${listed(kind, names)}` };
      return {
        reason: 'SuccessfulScale',
        does: `scales to ${replicas} ${kind}`,
        name,
        because,
        did: (names) => `Scaled ${listed(kind, names)} to ${replicas}`,
      };
    }
  }
}

/** `Machine w-1`, `Machines w-1, w-2, w-3 and 2 more` */
function listed(kind: string, names: readonly string[]): string {
  const more = names.length > 3 ? ` and ${names.length - 3} more` : '';
  return `${kind}${names.length === 1 ? '' : 's'} ${names.slice(0, 3).join(', ')}${more}`;
}
