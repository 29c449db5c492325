import { readFileSync } from 'node:fs';
import { parseAllDocuments } from 'yaml';
import { demoCredentials } from '../clouds/aws/signature.ts';
import { base64, serviceAccountFile } from '../demo/credentials.ts';
import type { Endpoints } from '../files.ts';

export interface Manifest {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace?: string };
  readonly spec?: Readonly<Record<string, unknown>>;
}

/** The objects of an example, with placeholders filled in. */
function example(name: string, fill: Readonly<Record<string, string>>): Manifest[] {
  const raw = readFileSync(new URL(`../../../examples/${name}`, import.meta.url), 'utf8');
  const filled = Object.entries(fill).reduce((text, [placeholder, value]) => text.replaceAll(placeholder, value), raw);
  return parseAllDocuments(filled).map((document) => document.toJS() as Manifest);
}

/** The Secrets with which the plane reaches the fake clouds. */
export const credentials = ({ clouds }: Endpoints): Manifest[] =>
  example('credentials.yaml', {
    '{{BASE64_ENCODED_AWS_CREDS}}': base64(demoCredentials),
    '{{BASE64_ENCODED_GCE_CREDS}}': base64(serviceAccountFile('talos-testbed', `${clouds.gce}/token`)),
  });

/** A cluster of so many machines: one master on GCE, one half of the workers on GCE (the larger one), the other on AWS. */
export function clusterOf(machines: number, { reservedAddresses, keyPairs }: Endpoints): Manifest[] {
  const aws = Math.floor((machines - 1) / 2);
  const gce = machines - 1 - aws;
  return [
    ...example('cluster-gce.yaml', { 'x.x.x.x': reservedAddresses.gce[0] ?? '' }).map((object) => withReplicas(object, gce)),
    ...example('workers-aws.yaml', { '{{AWS_KEY_NAME}}': keyPairs.aws[0] ?? '' }).map((object) => withReplicas(object, aws)),
  ];
}

const withReplicas = (object: Manifest, replicas: number): Manifest =>
  object.kind === 'MachineDeployment' ? { ...object, spec: { ...object.spec, replicas } } : object;

/** Where an object is created. */
export function pathOf({ apiVersion, kind, metadata: { namespace = 'default' } }: Manifest): string {
  const api = apiVersion.includes('/') ? `/apis/${apiVersion}` : `/api/${apiVersion}`;
  return `${api}/namespaces/${namespace}/${kind.toLowerCase()}s`;
}

export const machinesPath = '/apis/cluster.k8s.io/v1alpha1/namespaces/default/machines';
