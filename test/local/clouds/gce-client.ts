import { createPrivateKey, sign } from 'node:crypto';
import type { GceFake } from '../../../infra/local/clouds/gce/gce-fake.ts';

/** What a fake answered: the status and the JSON. */
export interface Answer {
  readonly status: number;
  // biome-ignore lint/suspicious/noExplicitAny: an answer of any of the API's shapes, looked into by `toMatchObject`
  readonly body: any;
}

/** Asks for an access token as a service account does; `claims` are laid over the right ones. */
export async function askForToken(fake: GceFake, file: string, now: number, claims: Record<string, unknown> = {}): Promise<Answer> {
  const account = JSON.parse(file) as { client_email: string; private_key: string; token_uri: string };
  const iat = Math.floor(now / 1000);
  const payload = { iss: account.client_email, scope: 'compute', aud: account.token_uri, iat, exp: iat + 3600, ...claims };
  const signed = [{ alg: 'RS256', typ: 'JWT' }, payload].map((part) => Buffer.from(JSON.stringify(part)).toString('base64url')).join('.');
  const signature = sign('RSA-SHA256', Buffer.from(signed), createPrivateKey(account.private_key)).toString('base64url');
  return post(fake, `${signed}.${signature}`);
}

export async function post(fake: GceFake, assertion: string, grant = 'urn:ietf:params:oauth:grant-type:jwt-bearer'): Promise<Answer> {
  const body = new URLSearchParams({ grant_type: grant, assertion });
  return read(await fetch(`${fake.url}/token`, { method: 'POST', body }));
}

const read = async (response: Response): Promise<Answer> => ({ status: response.status, body: await response.json() });

/** Speaks Compute Engine's protocol to a fake with one token. Paths begin after the project. */
export const clientOf = (fake: GceFake, token: string, project = 'talos-testbed') => {
  const send = async (method: string, path: string, body?: unknown): Promise<Answer> =>
    read(
      await fetch(`${fake.url}/compute/v1/projects/${project}/${path}`, {
        method,
        headers: { authorization: `Bearer ${token}` },
        ...(body !== undefined && { body: JSON.stringify(body) }),
      }),
    );
  return {
    get: (path: string) => send('GET', path),
    post: (path: string, body: unknown) => send('POST', path, body),
    delete: (path: string) => send('DELETE', path),
  };
};
export type Client = ReturnType<typeof clientOf>;

/** A body that an insert accepts; `changes` are laid over it. */
export const instanceBody = (name: string, changes: Record<string, unknown> = {}) => ({
  name,
  machineType: 'zones/us-central1-c/machineTypes/n1-standard-2',
  labels: { team: 'blue' },
  disks: [
    {
      boot: true,
      autoDelete: true,
      initializeParams: {
        sourceImage: 'https://www.googleapis.com/compute/v1/projects/talos-testbed/global/images/talos-e2e',
        diskSizeGb: '50',
      },
    },
  ],
  networkInterfaces: [{ network: 'global/networks/default', accessConfigs: [{ type: 'ONE_TO_ONE_NAT', name: 'External NAT' }] }],
  metadata: { items: [{ key: 'user-data', value: 'machine: {}' }] },
  ...changes,
});
