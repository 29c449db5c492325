import { createApi } from '../../shared/api/api.ts';
import type { Api, ApiOptions } from '../../shared/api/call.ts';
import { generatedFor } from '../../shared/api/generated.ts';
import { kinds } from '../../shared/kinds/index.ts';
import type { KubeObject } from '../../shared/kinds/object.ts';
import type { Log } from '../../shared/ports.ts';
import { createMemoryStore } from '../../shared/store/memory.ts';
import { ensureNamespaces } from '../../shared/store/namespaces.ts';
import type { Store } from '../../shared/store/store.ts';
import { seededRandom, type VirtualClock, virtualClock } from '../clock.ts';

export interface Answer {
  readonly code: number;
  readonly headers: Headers;
  // biome-ignore lint/suspicious/noExplicitAny: tests look into answers of every shape
  readonly body: any;
}

export interface Harness {
  readonly api: Api;
  readonly clock: VirtualClock;
  readonly store: Store;
  /** Errors that nobody foresaw. */
  readonly failures: string[];
  send(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<Answer>;
}

/** The whole API over the memory store, on a clock that stands still. Everybody is `tester`. */
export async function openApi(options: Partial<ApiOptions> = {}): Promise<Harness> {
  const clock = virtualClock();
  const random = seededRandom(7);
  const store = createMemoryStore({ clock, random });
  await ensureNamespaces(store);
  const failures: string[] = [];
  const log: Log = {
    debug() {},
    info() {},
    warn() {},
    error: (sentence, fields) => failures.push(`${sentence} ${JSON.stringify(fields)}`),
  };
  const authenticate = async () => ({ name: 'tester', groups: [] });
  const generated = generatedFor(kinds, { clock, random, log, authenticate, ...options });
  const api = createApi({ kinds, store, clock, random, log, authenticate, generated, ...options });

  return {
    api,
    clock,
    store,
    failures,
    async send(method, path, body, headers = {}) {
      const content = typeof body === 'string' || body instanceof Uint8Array ? body : JSON.stringify(body);
      const response = await api(
        new Request(`https://plane${path}`, {
          method,
          headers: { 'content-type': 'application/json', ...headers },
          ...(content !== undefined && { body: content }),
        }),
      );
      const answered = await response.text();
      const isJson = response.headers.get('content-type')?.startsWith('application/json');
      return { code: response.status, headers: response.headers, body: isJson && answered !== '' ? JSON.parse(answered) : answered };
    },
  };
}

export const merge = { 'content-type': 'application/merge-patch+json' };
export const jsonPatchType = { 'content-type': 'application/json-patch+json' };
export const strategic = { 'content-type': 'application/strategic-merge-patch+json' };
export const asTable = { accept: 'application/json;as=Table;v=v1;g=meta.k8s.io' };

const group = '/apis/cluster.k8s.io/v1alpha1/namespaces/default';
export const paths = {
  clusters: `${group}/clusters`,
  machines: `${group}/machines`,
  deployments: `${group}/machinedeployments`,
  configMaps: '/api/v1/namespaces/default/configmaps',
  secrets: '/api/v1/namespaces/default/secrets',
  events: '/api/v1/namespaces/default/events',
  namespaces: '/api/v1/namespaces',
};

export const clusterNamed = (name: string, ips: readonly string[] = ['203.0.113.10']): KubeObject => ({
  apiVersion: 'cluster.k8s.io/v1alpha1',
  kind: 'Cluster',
  metadata: { name },
  spec: {
    clusterNetwork: {
      pods: { cidrBlocks: ['192.168.0.0/16'] },
      services: { cidrBlocks: ['10.96.0.0/12'] },
      serviceDomain: 'cluster.local',
    },
    providerSpec: { value: { apiVersion: 'talosproviderconfig/v1alpha1', kind: 'TalosClusterProviderSpec', masters: { ips } } },
  },
});

const machineSpec = {
  providerSpec: {
    value: {
      apiVersion: 'talosproviderconfig/v1alpha1',
      kind: 'TalosMachineProviderSpec',
      platform: { type: 'gce', config: 'zone: us-central1-c' },
    },
  },
};

export const machineNamed = (name: string, labels: Record<string, string> = {}): KubeObject => ({
  apiVersion: 'cluster.k8s.io/v1alpha1',
  kind: 'Machine',
  metadata: { name, labels: { 'cluster.k8s.io/cluster-name': 'c', ...labels } },
  spec: machineSpec,
});

export const deploymentNamed = (name: string, replicas: number): KubeObject => {
  const labels = { 'cluster.k8s.io/cluster-name': 'c', set: 'worker' };
  return {
    apiVersion: 'cluster.k8s.io/v1alpha1',
    kind: 'MachineDeployment',
    metadata: { name },
    spec: { replicas, selector: { matchLabels: labels }, template: { metadata: { labels }, spec: machineSpec } },
  };
};

export const configMapNamed = (name: string, data: Record<string, string> = {}): KubeObject => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name },
  data,
});
