import * as z from 'zod';
import { configMap } from '../../shared/kinds/core/config-map.ts';
import { event } from '../../shared/kinds/core/event.ts';
import { namespace } from '../../shared/kinds/core/namespace.ts';
import { secret } from '../../shared/kinds/core/secret.ts';
import { defineKind, type Kind, type ObjectOfKind } from '../../shared/kinds/define-kind.ts';
import type { OwnerReference } from '../../shared/kinds/object.ts';
import type { Store } from '../../shared/store/store.ts';

/** A kind with nothing to it, so that these tests depend on none that has a life of its own. */
export const shell = defineKind({
  group: 'test.plastron.dev',
  version: 'v1',
  kind: 'Shell',
  plural: 'shells',
  description: 'A kind for tests of the store.',
  schema: z.object({ spec: z.object({ count: z.number(), text: z.string().optional() }) }),
  reconciled: true,
});
export type Shell = ObjectOfKind<typeof shell>;

export const everyKind: readonly Kind[] = [namespace, secret, configMap, event, shell];

export const inDefault = { namespace: 'default' };

export const at = (name: string, namespaceName = 'default') => ({ namespace: namespaceName, name });

export interface ShellOptions {
  readonly namespace?: string;
  readonly count?: number;
  readonly text?: string;
  readonly labels?: Record<string, string>;
  readonly owner?: string;
}

export function newShell(name: string, { namespace = 'default', count = 0, text, labels, owner }: ShellOptions = {}): Shell {
  return {
    apiVersion: 'test.plastron.dev/v1',
    kind: 'Shell',
    metadata: { name, namespace, ...(labels && { labels }), ...(owner !== undefined && { ownerReferences: [controller(owner)] }) },
    spec: { count, ...(text !== undefined && { text }) },
  };
}

const controller = (uid: string): OwnerReference => ({
  apiVersion: 'test.plastron.dev/v1',
  kind: 'Shell',
  name: 'owner',
  uid,
  controller: true,
});

export const counted = (object: Shell, count: number): Shell => ({ ...object, spec: { ...object.spec, count } });

/** Reads and writes until nobody was faster. */
export async function increment(store: Store, name: { readonly namespace: string; readonly name: string }): Promise<number> {
  for (let conflicts = 0; ; conflicts++) {
    const object = await store.get(shell, name);
    if (object === undefined) throw new Error(`${name.name} is not there`);
    try {
      await store.update(shell, counted(object, object.spec.count + 1));
      return conflicts;
    } catch (error) {
      if ((error as Error).name !== 'Conflict') throw error;
    }
  }
}
