import { parseAllDocuments, stringify } from 'yaml';
import type { BootstrapCluster, BootstrapMachine } from '../../../shared/bootstrap/bootstrap.ts';
import { createTalosBootstrap } from '../../../shared/bootstrap/talos/talos-bootstrap.ts';
import { clock, randomFrom } from '../ports.ts';

export const bootstrap = createTalosBootstrap({ clock, random: randomFrom('talos'), serviceAccountKey: 'ec' });
export const secrets = await bootstrap.createSecrets();

export const cluster: BootstrapCluster = {
  name: 'demo',
  endpoint: 'https://203.0.113.10:6443',
  masterAddresses: ['203.0.113.10', '203.0.113.11'],
  podSubnets: ['10.244.0.0/16'],
  serviceSubnets: ['10.96.0.0/12'],
  dnsDomain: 'cluster.local',
};
export const uid = '0035426d-d311-4c20-b7f0-52578c8f3207';
export const render = (machine: Partial<BootstrapMachine> = {}): string =>
  bootstrap.renderMachine(secrets, { cluster, role: 'worker', name: 'demo-workers-x', uid, ...machine });

// biome-ignore lint/suspicious/noExplicitAny: what YAML holds is looked at field by field.
export const documentsOf = (text: string): any[] => parseAllDocuments(text).map((document) => document.toJS());

// biome-ignore lint/suspicious/noExplicitAny: configs are broken on purpose.
export type Break = (main: any, hostname: any) => unknown;
/** A config after somebody's hand slipped. */
export const broken = (text: string, breakIt: Break): string => {
  const documents = documentsOf(text);
  breakIt(documents[0], documents[1]);
  return documents.map((document) => stringify(document)).join('---\n');
};

/** What was thrown: `field: message` of each cause, and the whole message. */
export function refusalOf(act: () => unknown): { readonly causes: readonly string[]; readonly message: string; readonly name: string } {
  try {
    act();
  } catch (error) {
    const { causes, message, name } = error as { causes: { field: string; message: string }[]; message: string; name: string };
    return { causes: causes.map((cause) => `${cause.field}: ${cause.message}`), message, name };
  }
  return { causes: [], message: 'nothing was refused', name: '' };
}
