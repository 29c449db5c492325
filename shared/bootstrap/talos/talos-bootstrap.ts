import {
  type Bootstrap,
  type BootstrapCluster,
  type BootstrapMachine,
  type BootstrapOptions,
  machineNameAnnotation,
  machineUidAnnotation,
} from '../bootstrap.ts';
import { checkDocuments } from './checks/check-documents.ts';
import { checkCluster } from './checks/check-request.ts';
import { createClientConfig } from './client-config.ts';
import { contractOf, kubernetesVersionFor } from './contract.ts';
import { encodeDocuments } from './encode.ts';
import { generateDocuments, hostOf } from './generate.ts';
import { applyPatches } from './patches/apply-patches.ts';
import { readSecrets } from './read-secrets.ts';
import { createSecretsText, type ServiceAccountKey, type TalosSecrets } from './secrets.ts';

export interface TalosBootstrapOptions extends BootstrapOptions {
  /** `rsa4096` unless said otherwise: what every verifier of service account tokens knows. */
  readonly serviceAccountKey?: ServiceAccountKey;
}

/** Machines that boot Talos Linux 1.10 to 1.13. */
export function createTalosBootstrap({ clock, random, serviceAccountKey = 'rsa4096' }: TalosBootstrapOptions): Bootstrap {
  const read = rememberingLast(readSecrets);
  return {
    createSecrets: () => createSecretsText({ clock, random }, serviceAccountKey),
    renderMachine: (secrets, machine) => renderMachine(read(secrets), machine),
    async clientConfig(secrets, cluster) {
      checkCluster(cluster);
      return createClientConfig(read(secrets), cluster, clock.now(), random);
    },
  };
}

/** Machines of one cluster come in a row, and parsing its nine keys and certificates is most of the cost of rendering one. */
function rememberingLast<T>(read: (text: string) => T): (text: string) => T {
  let last: { readonly text: string; readonly value: T } | undefined;
  return (text) => {
    if (last?.text !== text) last = { text, value: read(text) };
    return last.value;
  };
}

function renderMachine(secrets: TalosSecrets, machine: BootstrapMachine): string {
  const { cluster } = machine;
  const contract = contractOf(machine.talosVersion);
  checkCluster(cluster);
  const generated = generateDocuments(secrets, {
    contract,
    type: machine.role === 'master' ? 'controlplane' : 'worker',
    clusterName: cluster.name,
    endpoint: cluster.endpoint,
    kubernetesVersion: kubernetesVersionFor(contract, machine.kubernetesVersion),
    certSANs: namesOf(cluster),
    nodeAnnotations: { [machineUidAnnotation]: machine.uid, [machineNameAnnotation]: machine.name },
    network: { dnsDomain: cluster.dnsDomain, podSubnets: cluster.podSubnets, serviceSubnets: cluster.serviceSubnets },
  });
  const documents = applyPatches(generated, machine.patches ?? [], contract);
  checkDocuments(documents, contract);
  return encodeDocuments(documents, contract.minor);
}

/** Whoever dials a master by any of its addresses, or all of them by the endpoint, must find the name in the certificate. */
const namesOf = (cluster: BootstrapCluster): readonly string[] => [...new Set([hostOf(cluster.endpoint), ...cluster.masterAddresses])];
