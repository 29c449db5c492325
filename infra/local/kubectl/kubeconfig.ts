import { stringify } from 'yaml';

export interface KubeconfigOptions {
  /** `https://127.0.0.1:6443` */
  readonly server: string;
  /** PEM of the authority that signed the server's certificate. */
  readonly certificateAuthority: string;
  readonly token: string;
  /** What the cluster, user and context are called. */
  readonly name: string;
}

/** The text of a kubeconfig that opens one server with a bearer token. */
export function kubeconfigText({ server, certificateAuthority, token, name }: KubeconfigOptions): string {
  return stringify({
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name, cluster: { server, 'certificate-authority-data': Buffer.from(certificateAuthority).toString('base64') } }],
    users: [{ name, user: { token } }],
    contexts: [{ name, context: { cluster: name, user: name } }],
    'current-context': name,
  });
}
