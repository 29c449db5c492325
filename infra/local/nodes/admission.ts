import type { MachineConfig } from '../../../shared/bootstrap/talos/machine-config.ts';

/** What stands behind the endpoint that a worker was told. */
export interface Reachable {
  /** The control-plane machine whose trustd it reaches. */
  readonly trustd: MachineConfig | undefined;
  /** The one whose Kubernetes API it reaches, and the etcd cluster that holds its objects. */
  readonly kubernetes: { readonly config: MachineConfig; readonly cluster: string } | undefined;
}

/** How far a worker gets: without a certificate for apid nobody can talk to it, without a kubelet credential it has no Node. */
export type Admission =
  | { readonly reached: 'nothing' | 'apid'; readonly says: string }
  /** The kubelet has its certificate from this cluster. */
  | { readonly reached: 'kubelet'; readonly cluster: string };

const unknownAuthority = 'tls: failed to verify certificate: x509: certificate signed by unknown authority';

/** Judges a worker as the cluster behind its endpoint would: by the authorities that it trusts and the tokens that it shows. */
export function admissionOf(worker: MachineConfig, { trustd, kubernetes }: Reachable): Admission {
  const endpoint = new URL(worker.cluster.endpoint);
  const noApid = (why: string): Admission => ({ reached: 'nothing', says: `failed to sign API server CSR: ${why}` });
  if (trustd === undefined) return noApid(`dial tcp ${endpoint.hostname}:50001: connect: connection refused`);
  if (trustd.ca.certificate !== worker.ca.certificate) return noApid(unknownAuthority);
  if (trustd.token !== worker.token) return noApid('rpc error: code = Unauthenticated desc = invalid token');

  const noKubelet = (why: string): Admission => ({ reached: 'apid', says: `failed to run Kubelet: ${why}` });
  if (kubernetes === undefined) return noKubelet(`dial tcp ${endpoint.host}: connect: connection refused`);
  const theirs = kubernetes.config.cluster;
  if (theirs.ca?.certificate !== worker.cluster.ca?.certificate) return noKubelet(unknownAuthority);
  if (theirs.token !== worker.cluster.token) return noKubelet('cannot create certificate signing request: Unauthorized');
  return { reached: 'kubelet', cluster: kubernetes.cluster };
}
