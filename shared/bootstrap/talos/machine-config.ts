import { checkDocuments } from './checks/check-documents.ts';
import { contractOf } from './contract.ts';
import { decodeDocuments } from './decode.ts';
import { type ConfigDocument, mainOf } from './documents.ts';
import { fromBase64 } from './pem.ts';
import { mapAt, mapsAt, numberAt, textAt, textMapAt, textsAt, type ValueMap } from './value.ts';

/** A machine config as a Talos node understands it. PEM texts are decoded. */
export interface MachineConfig {
  readonly type: 'controlplane' | 'worker';
  /** What a node shows to trustd of the control plane, to get its own certificate: `<6>.<16>`. */
  readonly token: string;
  /** The authority of the Talos API; only control-plane machines have its key. */
  readonly ca: ConfigAuthority;
  readonly certSANs: readonly string[];
  readonly kubelet: {
    readonly image: string | undefined;
    /** `1.35.2`; the default of this Talos if the config names no image. */
    readonly version: string;
  };
  readonly nodeLabels: Readonly<Record<string, string>>;
  readonly nodeAnnotations: Readonly<Record<string, string>>;
  /** Effect, or `value:effect`, by key. */
  readonly nodeTaints: Readonly<Record<string, string>>;
  /** A fixed hostname, when the config has one; else the platform or Talos decides. */
  readonly hostname: string | undefined;
  readonly cluster: ClusterConfig;
  /** All documents, as they were written. */
  readonly documents: readonly ConfigDocument[];
}

export interface ConfigAuthority {
  readonly certificate: string;
  readonly key: string | undefined;
}

export interface ClusterConfig {
  readonly id: string;
  readonly secret: string;
  readonly name: string;
  /** `https://203.0.113.10:6443` */
  readonly endpoint: string;
  /** A kubelet's first credential: the bootstrap token, `<6>.<16>`. */
  readonly token: string;
  readonly localApiServerPort: number;
  readonly ca: ConfigAuthority | undefined;
  readonly aggregatorCa: ConfigAuthority | undefined;
  readonly serviceAccountKey: string | undefined;
  readonly etcdCa: ConfigAuthority | undefined;
  readonly apiServerCertSANs: readonly string[];
  readonly network: {
    readonly dnsDomain: string;
    readonly podSubnets: readonly string[];
    readonly serviceSubnets: readonly string[];
  };
  readonly allowSchedulingOnControlPlanes: boolean;
}

/** Reads a machine config and refuses what a node of that Talos version refuses. Throws Invalid with every fault at once. */
export function parseMachineConfig(text: string, options: { readonly talosVersion?: string } = {}): MachineConfig {
  const contract = contractOf(options.talosVersion);
  const documents = decodeDocuments(text, contract.minor);
  checkDocuments(documents, contract);
  const main = mainOf(documents);
  const machine = mapAt(main, 'machine');
  const image = textAt(mapAt(machine, 'kubelet'), 'image');
  return {
    type: machine.type === 'worker' ? 'worker' : 'controlplane',
    token: textAt(machine, 'token') ?? '',
    ca: authorityAt(machine, 'ca') ?? { certificate: firstAccepted(machine), key: undefined },
    certSANs: textsAt(machine, 'certSANs'),
    kubelet: { image, version: image?.match(/:v([^@]+)/)?.[1] ?? contract.defaultKubernetes },
    nodeLabels: textMapAt(machine, 'nodeLabels'),
    nodeAnnotations: textMapAt(machine, 'nodeAnnotations'),
    nodeTaints: textMapAt(machine, 'nodeTaints'),
    hostname: hostnameOf(documents, machine),
    cluster: clusterOf(mapAt(main, 'cluster')),
    documents,
  };
}

function clusterOf(cluster: ValueMap): ClusterConfig {
  const controlPlane = mapAt(cluster, 'controlPlane');
  const network = mapAt(cluster, 'network');
  const serviceAccountKey = textAt(mapAt(cluster, 'serviceAccount'), 'key');
  return {
    id: textAt(cluster, 'id') ?? '',
    secret: textAt(cluster, 'secret') ?? '',
    name: textAt(cluster, 'clusterName') ?? '',
    endpoint: textAt(controlPlane, 'endpoint') ?? '',
    token: textAt(cluster, 'token') ?? '',
    localApiServerPort: numberAt(controlPlane, 'localAPIServerPort') || 6443,
    ca: authorityAt(cluster, 'ca'),
    aggregatorCa: authorityAt(cluster, 'aggregatorCA'),
    serviceAccountKey: serviceAccountKey === undefined ? undefined : fromBase64(serviceAccountKey),
    etcdCa: authorityAt(mapAt(cluster, 'etcd'), 'ca'),
    apiServerCertSANs: textsAt(mapAt(cluster, 'apiServer'), 'certSANs'),
    network: {
      dnsDomain: textAt(network, 'dnsDomain') ?? 'cluster.local',
      podSubnets: textsAt(network, 'podSubnets', ['10.244.0.0/16']),
      serviceSubnets: textsAt(network, 'serviceSubnets', ['10.96.0.0/12']),
    },
    allowSchedulingOnControlPlanes: cluster.allowSchedulingOnControlPlanes === true || cluster.allowSchedulingOnMasters === true,
  };
}

function hostnameOf(documents: readonly ConfigDocument[], machine: ValueMap): string | undefined {
  const document = documents.find(({ kind }) => kind === 'HostnameConfig');
  return textAt(document?.value ?? {}, 'hostname') ?? textAt(mapAt(machine, 'network'), 'hostname');
}

function authorityAt(parent: ValueMap, key: string): ConfigAuthority | undefined {
  const authority = mapAt(parent, key);
  const certificate = fromBase64(textAt(authority, 'crt') ?? '');
  if (certificate === undefined) return undefined;
  return { certificate, key: fromBase64(textAt(authority, 'key') ?? '') };
}

/** A worker may be given accepted authorities alone. */
function firstAccepted(machine: ValueMap): string {
  const [first = {}] = mapsAt(machine, 'acceptedCAs');
  return fromBase64(textAt(first, 'crt') ?? '') ?? '';
}
