import { createPrivateKey, type KeyObject } from 'node:crypto';
import * as z from 'zod';
import { Refused } from '../../errors.ts';

/** What a service account's key file says, as far as a token needs it. */
export interface ServiceAccount {
  readonly email: string;
  readonly key: KeyObject;
  readonly keyId: string | undefined;
  /** Where a signed assertion is exchanged for an access token. */
  readonly tokenUri: string;
}

const required = (name: string) => z.string(`it has no ${name}`).min(1, `its ${name} is empty`);

const keyFile = z.object({
  type: z.literal('service_account', 'its type is not service_account: download a key of a service account'),
  client_email: required('client_email'),
  private_key: required('private_key'),
  private_key_id: z.string().optional(),
  token_uri: required('token_uri'),
});

/** Reads a service account's key file. Throws Refused; the message names what is wrong, and never quotes the file. */
export function readServiceAccount(text: string): ServiceAccount {
  const parsed = keyFile.safeParse(parseJson(text));
  if (!parsed.success) throw refused(parsed.error.issues.map((issue) => issue.message).join('; '));
  const { client_email, private_key, private_key_id, token_uri } = parsed.data;
  return { email: client_email, key: readKey(private_key), keyId: private_key_id, tokenUri: checkTokenUri(token_uri) };
}

function parseJson(text: string): unknown {
  if (text.trim() === '') throw refused('it is empty');
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    // The parser's own message quotes the text, which holds a key.
    throw refused('it is not JSON');
  }
  if (value === null || typeof value !== 'object' || Array.isArray(value)) throw refused('it is not a JSON object');
  return value;
}

function readKey(pem: string): KeyObject {
  let key: KeyObject | undefined;
  try {
    key = createPrivateKey(pem);
  } catch {
    throw refused('its private_key is not a key in PEM form');
  }
  if (key.asymmetricKeyType !== 'rsa') throw refused('its private_key is not an RSA key');
  return key;
}

/** An assertion is as good as a password for an hour: it goes out encrypted, or stays on this machine. */
function checkTokenUri(text: string): string {
  if (!URL.canParse(text)) throw refused('its token_uri is not a URL');
  const url = new URL(text);
  const loopback = /^127\.|^localhost$|^\[::1\]$/.test(url.hostname);
  if (url.protocol === 'https:' || (url.protocol === 'http:' && loopback)) return text;
  throw refused('its token_uri is not an https URL');
}

const refused = (what: string): Refused =>
  new Refused(`the service account's key file cannot be used: ${what} (put the JSON file that Google Cloud gave you into the Secret)`);
