import { AlreadyExists } from '../errors.ts';
import { type NamespaceObject, namespace } from '../kinds/core/namespace.ts';
import { systemNamespace } from '../kinds/fields.ts';
import type { Store } from './store.ts';

/** A Namespace as Kubernetes makes it. */
export const newNamespace = (name: string): NamespaceObject => ({
  apiVersion: 'v1',
  kind: 'Namespace',
  metadata: { name, labels: { 'kubernetes.io/metadata.name': name } },
  spec: { finalizers: ['kubernetes'] },
  status: { phase: 'Active' },
});

/** Makes the namespaces that always exist. */
export async function ensureNamespaces(store: Store): Promise<void> {
  for (const name of ['default', systemNamespace])
    try {
      await store.create(namespace, newNamespace(name));
    } catch (error) {
      if (!(error instanceof AlreadyExists)) throw error;
    }
}
