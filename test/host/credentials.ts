import { demoCredentials } from '../../infra/local/clouds/aws/signature.ts';
import { serviceAccountFile } from '../../infra/local/demo/credentials.ts';
import type { Endpoints } from '../../infra/local/files.ts';
import { secret } from './manifests.ts';

export const awsSecret = (credentials = demoCredentials) => secret('aws-credentials', { credentials });
export const gceSecret = (file: string) => secret('gce-credentials', { 'service-account.json': file });

/** A service account's key file whose tokens come from `tokenUri`. */
export const serviceAccount = (tokenUri: string): string => serviceAccountFile('talos-testbed', tokenUri);

/** The Secrets of both clouds, good ones. */
export const goodSecrets = ({ clouds }: Endpoints) => [awsSecret(), gceSecret(serviceAccount(`${clouds.gce}/token`))];
