import type { Operation } from '../kinds/operation.ts';

/** An operation in words, for logs and Events. */
export interface Words {
  /** One word: SuccessfulCreate. */
  readonly reason: string;
  /** `creates Machine`, `scales to 2 MachineSet` */
  readonly does: string;
  readonly name: string;
  readonly because: string;
}

export function wordsFor(operation: Operation): Words {
  const { because } = operation;
  switch (operation.op) {
    case 'create':
      return { reason: 'SuccessfulCreate', does: `creates ${operation.kind}`, name: operation.name, because };
    case 'start':
      return { reason: 'Started', does: 'starts execution', name: operation.execution, because };
    case 'delete':
      return { reason: 'SuccessfulDelete', does: `deletes ${operation.target.kind}`, name: operation.target.name, because };
    case 'update': {
      const replicas = operation.change.spec?.replicas;
      const { kind, name } = operation.target;
      if (replicas === undefined) return { reason: 'SuccessfulUpdate', does: `updates ${kind}`, name, because };
      return { reason: 'SuccessfulScale', does: `scales to ${replicas} ${kind}`, name, because };
    }
  }
}
