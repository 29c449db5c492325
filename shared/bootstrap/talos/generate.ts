import type { Contract } from './contract.ts';
import { type ConfigDocument, mainKind } from './documents.ts';
import type { TalosSecrets } from './secrets.ts';
import type { Value, ValueMap } from './value.ts';

export interface GeneratorInput {
  readonly contract: Contract;
  readonly type: 'controlplane' | 'worker';
  readonly clusterName: string;
  readonly endpoint: string;
  /** `1.35.2` */
  readonly kubernetesVersion: string;
  /** Names and addresses that the Talos API and the Kubernetes API are reached by. */
  readonly certSANs: readonly string[];
  readonly nodeAnnotations: Readonly<Record<string, string>>;
  readonly network: { readonly dnsDomain: string; readonly podSubnets: readonly string[]; readonly serviceSubnets: readonly string[] };
}

/** The machine config that Talos' own generator makes for this contract, before any patch. */
export function generateDocuments(secrets: TalosSecrets, input: GeneratorInput): readonly ConfigDocument[] {
  const main: ConfigDocument = {
    kind: mainKind,
    name: '',
    value: {
      version: 'v1alpha1',
      debug: false,
      persist: true,
      machine: machineSection(secrets, input),
      cluster: clusterSection(secrets, input),
    },
  };
  if (input.contract.minor < 12) return [main];
  const hostname = { apiVersion: 'v1alpha1', kind: 'HostnameConfig', auto: 'stable' };
  return [main, { kind: hostname.kind, name: '', value: hostname }];
}

/** Spreads to nothing unless the condition holds. */
const when = (condition: boolean, fields: ValueMap): ValueMap => (condition ? fields : {});

function machineSection(secrets: TalosSecrets, input: GeneratorInput): ValueMap {
  const { minor } = input.contract;
  const controlPlane = input.type === 'controlplane';
  const { crt, key } = secrets.certs.os;
  return {
    type: input.type,
    token: secrets.trustdinfo.token,
    // A worker's key must be there and empty.
    ca: { crt, key: controlPlane ? key : '' },
    certSANs: input.certSANs,
    kubelet: {
      image: `ghcr.io/siderolabs/kubelet:v${input.kubernetesVersion}`,
      defaultRuntimeSeccompProfileEnabled: true,
      disableManifestsDirectory: true,
    },
    ...when(minor <= 12, { network: {} }),
    install: { wipe: false, ...when(minor >= 12, { grubUseUKICmdline: true }) },
    features: {
      ...when(minor <= 11, { rbac: true, stableHostname: true, apidCheckExtKeyUsage: true }),
      diskQuotaSupport: true,
      kubePrism: { enabled: true, port: 7445 },
      hostDNS: { enabled: true, forwardKubeDNSToHost: true },
    },
    ...when(controlPlane, { nodeLabels: { 'node.kubernetes.io/exclude-from-external-load-balancers': '' } }),
    ...when(Object.keys(input.nodeAnnotations).length > 0, { nodeAnnotations: input.nodeAnnotations }),
  };
}

function clusterSection(secrets: TalosSecrets, input: GeneratorInput): ValueMap {
  const controlPlane = input.type === 'controlplane';
  const { crt, key } = secrets.certs.k8s;
  return {
    id: secrets.cluster.id,
    secret: secrets.cluster.secret,
    controlPlane: { endpoint: input.endpoint },
    clusterName: input.clusterName,
    network: { ...input.network },
    token: secrets.secrets.bootstraptoken,
    ...when(controlPlane, encryptionSecrets(secrets)),
    ca: { crt, key: controlPlane ? key : '' },
    ...when(controlPlane, controlPlaneSections(secrets, input)),
    discovery: { enabled: true, registries: { kubernetes: { disabled: true }, service: {} } },
    ...when(controlPlane, { etcd: { ca: { ...secrets.certs.etcd } } }),
  };
}

function encryptionSecrets({ secrets }: TalosSecrets): ValueMap {
  return {
    ...when(!!secrets.aescbcencryptionsecret, { aescbcEncryptionSecret: secrets.aescbcencryptionsecret }),
    ...when(!!secrets.secretboxencryptionsecret, { secretboxEncryptionSecret: secrets.secretboxencryptionsecret }),
  };
}

function controlPlaneSections(secrets: TalosSecrets, input: GeneratorInput): ValueMap {
  const image = (component: string) => `registry.k8s.io/${component}:v${input.kubernetesVersion}`;
  const names = apiServerNames(input);
  return {
    aggregatorCA: { ...secrets.certs.k8saggregator },
    serviceAccount: { key: secrets.certs.k8sserviceaccount.key },
    apiServer: {
      image: image('kube-apiserver'),
      ...when(names.length > 0, { certSANs: names }),
      ...when(input.contract.minor <= 11, { disablePodSecurityPolicy: true }),
      admissionControl: [podSecurity],
      auditPolicy: { apiVersion: 'audit.k8s.io/v1', kind: 'Policy', rules: [{ level: 'Metadata' }] },
    },
    controllerManager: { image: image('kube-controller-manager') },
    proxy: { image: image('kube-proxy') },
    scheduler: { image: image('kube-scheduler') },
  };
}

/** From 1.12 on Talos adds the endpoint's host itself; before, it stood first. */
function apiServerNames({ contract, endpoint, certSANs }: GeneratorInput): readonly string[] {
  if (contract.minor >= 12) return certSANs;
  return [...new Set([hostOf(endpoint), ...certSANs])];
}

/** The host of an endpoint, an IPv6 address without its brackets. */
export const hostOf = (endpoint: string): string => new URL(endpoint).hostname.replace(/^\[|\]$/g, '');

const podSecurity: Value = {
  name: 'PodSecurity',
  configuration: {
    apiVersion: 'pod-security.admission.config.k8s.io/v1alpha1',
    defaults: {
      audit: 'restricted',
      'audit-version': 'latest',
      enforce: 'baseline',
      'enforce-version': 'latest',
      warn: 'restricted',
      'warn-version': 'latest',
    },
    exemptions: { namespaces: ['kube-system'], runtimeClasses: [], usernames: [] },
    kind: 'PodSecurityConfiguration',
  },
};
