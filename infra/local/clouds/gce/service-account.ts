import { generateKeyPair } from 'node:crypto';
import { promisify } from 'node:util';
import type { Random } from '../../../../shared/ports.ts';
import type { KnownKey } from './oauth.ts';

/** Makes a service account's key: the file that its user gets, and what the cloud keeps. */
export async function makeServiceAccountKey(
  random: Random,
  { name, project, tokenUri }: { readonly name: string; readonly project: string; readonly tokenUri: string },
): Promise<{ readonly file: string; readonly known: KnownKey }> {
  const email = `${name}@${project}.iam.gserviceaccount.com`;
  const { publicKey, privateKey } = await promisify(generateKeyPair)('rsa', {
    modulusLength: 2048,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  });
  const file = {
    type: 'service_account',
    project_id: project,
    private_key_id: Buffer.from(random.bytes(20)).toString('hex'),
    private_key: privateKey,
    client_email: email,
    client_id: String(Buffer.from(random.bytes(8)).readBigUInt64BE()),
    token_uri: tokenUri,
  };
  return { file: `${JSON.stringify(file, null, 2)}\n`, known: { email, publicKey } };
}
