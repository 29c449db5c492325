import { generateKeyPairSync } from 'node:crypto';

/** A service account's key file, as Google Cloud hands it out; its tokens come from `tokenUri`. */
export function serviceAccountFile(project: string, tokenUri: string): string {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  return JSON.stringify({
    type: 'service_account',
    project_id: project,
    private_key_id: 'demo',
    private_key: privateKey.export({ type: 'pkcs8', format: 'pem' }),
    client_email: `plastron@${project}.iam.gserviceaccount.com`,
    client_id: '100000000000000000000',
    token_uri: tokenUri,
  });
}

export const base64 = (text: string): string => Buffer.from(text).toString('base64');
