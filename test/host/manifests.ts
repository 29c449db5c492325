import { stringify } from 'yaml';

/** Objects as a user would write them, for tests that need other ones than the seed's. */

export const yamlOf = (objects: readonly object[]): string => objects.map((object) => stringify(object)).join('---\n');

const apiVersion = 'cluster.k8s.io/v1alpha1';
const providerVersion = 'talosproviderconfig/v1alpha1';
export const systemNamespace = 'cluster-api-provider-talos-system';

export const cluster = (name: string, ips: readonly string[], namespace = 'default') => ({
  apiVersion,
  kind: 'Cluster',
  metadata: { name, namespace },
  spec: {
    clusterNetwork: {
      pods: { cidrBlocks: ['192.168.0.0/16'] },
      services: { cidrBlocks: ['10.96.0.0/12'] },
      serviceDomain: 'cluster.local',
    },
    providerSpec: { value: { apiVersion: providerVersion, kind: 'TalosClusterProviderSpec', masters: { ips: [...ips] } } },
  },
});

export const platforms = {
  gce: {
    type: 'gce',
    config: `zone: us-central1-c
project: talos-testbed
instances:
  type: n1-standard-2
  image: https://www.googleapis.com/compute/v1/projects/talos-testbed/global/images/talos-e2e
  disks:
    size: 50
`,
  },
  aws: {
    type: 'aws',
    config: `region: us-west-2
instances:
  type: t2.micro
  ami: ami-09d6bf816f2ebdfe1
  keypair: plastron-demo
  disks:
    size: 10
`,
  },
} as const;

export type Cloud = keyof typeof platforms;

interface Platform {
  readonly type: string;
  readonly config: string;
}

const providerSpec = (platform: Platform, configPatches?: readonly string[]) => ({
  value: { apiVersion: providerVersion, kind: 'TalosMachineProviderSpec', platform, ...(configPatches && { configPatches }) },
});

const labels = (clusterName: string, set: 'master' | 'worker') => ({ 'cluster.k8s.io/cluster-name': clusterName, set });

interface MachineOptions {
  readonly cluster: string;
  readonly platform: Platform;
  readonly set?: 'master' | 'worker';
  readonly namespace?: string;
  readonly configPatches?: readonly string[];
}

export const machine = (name: string, { cluster: of, platform, set = 'worker', namespace = 'default', configPatches }: MachineOptions) => ({
  apiVersion,
  kind: 'Machine',
  metadata: { name, namespace, labels: labels(of, set) },
  spec: { providerSpec: providerSpec(platform, configPatches) },
});

/** Machines of a platform, or of a provider spec that says otherwise what they are. */
type DeploymentOptions = Pick<MachineOptions, 'cluster' | 'namespace'> &
  ({ readonly platform: Platform } | { readonly providerSpec: object });

export const deployment = (name: string, replicas: number, { cluster: of, namespace = 'default', ...made }: DeploymentOptions) => {
  // Two MachineDeployments of one cluster must not select each other's machines.
  const own = { ...labels(of, 'worker'), deployment: name };
  return {
    apiVersion,
    kind: 'MachineDeployment',
    metadata: { name, namespace, labels: labels(of, 'worker') },
    spec: {
      replicas,
      selector: { matchLabels: own },
      template: { metadata: { labels: own }, spec: { providerSpec: 'platform' in made ? providerSpec(made.platform) : made.providerSpec } },
    },
  };
};

export const machineClass = (name: string, platform: Platform) => ({
  apiVersion,
  kind: 'MachineClass',
  metadata: { name, namespace: 'default' },
  providerSpec: providerSpec(platform).value,
});

export const namespace = (name: string) => ({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } });

export const secret = (name: string, texts: Readonly<Record<string, string>>, inNamespace = systemNamespace) => ({
  apiVersion: 'v1',
  kind: 'Secret',
  metadata: { name, namespace: inNamespace },
  data: Object.fromEntries(Object.entries(texts).map(([key, text]) => [key, Buffer.from(text).toString('base64')])),
});
