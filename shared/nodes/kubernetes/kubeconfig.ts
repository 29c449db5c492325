import * as z from 'zod';
import { Invalid } from '../../errors.ts';
import { parseClientFile, pem } from '../client-file.ts';

/** What opens a Kubernetes API: its URL, and PEM texts. */
export interface KubernetesCredentials {
  readonly server: URL;
  readonly ca: string;
  readonly cert: string;
  readonly key: string;
}

const name = z.string();
const kubeconfig = z.object({
  'current-context': z.string(),
  contexts: z.array(z.object({ name, context: z.object({ cluster: z.string(), user: z.string() }) })),
  clusters: z.array(z.object({ name, cluster: z.object({ server: z.url({ protocol: /^https$/ }), 'certificate-authority-data': pem }) })),
  users: z.array(z.object({ name, user: z.object({ 'client-certificate-data': pem, 'client-key-data': pem }) })),
});

/** Reads the current context. Throws Invalid, without a word of the content. */
export function parseKubeconfig(text: string): KubernetesCredentials {
  const file = parseClientFile('kubeconfig', kubeconfig, text);
  const context = file.contexts.find(({ name }) => name === file['current-context'])?.context;
  const cluster = file.clusters.find(({ name }) => name === context?.cluster)?.cluster;
  const user = file.users.find(({ name }) => name === context?.user)?.user;
  if (cluster === undefined || user === undefined) {
    throw new Invalid('kubeconfig: the current context, its cluster or its user is not in the file');
  }
  return {
    server: new URL(cluster.server),
    ca: cluster['certificate-authority-data'],
    cert: user['client-certificate-data'],
    key: user['client-key-data'],
  };
}
