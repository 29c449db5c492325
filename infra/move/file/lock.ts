import { createCipheriv, createDecipheriv, scrypt } from 'node:crypto';
import * as z from 'zod';
import { Invalid, Refused } from '../../../shared/errors.ts';
import type { Random } from '../../../shared/ports.ts';

/**
 * An export under a passphrase: a line of JSON in clear with salt and nonce (base64), then the AES-256-GCM ciphertext and its tag. The
 * line is the additional data. The key is derived by scrypt with the parameters below; another set would be another format.
 */
const format = 1;
const cost = { N: 2 ** 17, r: 8, p: 1, maxmem: 256 * 2 ** 20 };
const keyLength = 32;
const tagLength = 16;

const head = z.object({ plastron: z.literal('locked export'), format: z.literal(format), salt: z.base64(), nonce: z.base64() });

export async function lock(plaintext: Uint8Array, passphrase: string, random: Random): Promise<Buffer> {
  const [salt, nonce] = [random.bytes(16), random.bytes(12)];
  const text = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64');
  const line = Buffer.from(`${JSON.stringify({ plastron: 'locked export', format, salt: text(salt), nonce: text(nonce) })}\n`);
  const cipher = createCipheriv('aes-256-gcm', await keyOf(passphrase, salt), nonce).setAAD(line);
  return Buffer.concat([line, cipher.update(plaintext), cipher.final(), cipher.getAuthTag()]);
}

/** What was locked; bytes that never were are given back as they are. Throws Refused when the passphrase is missing or another. */
export async function unlock(bytes: Buffer, passphrase: string | undefined): Promise<Buffer> {
  const end = bytes.indexOf(10) + 1;
  const said = head.safeParse(jsonIn(bytes.subarray(0, end)));
  if (!said.success) return bytes;
  if (passphrase === undefined) throw new Refused('the export is encrypted: give its passphrase (--passphrase-file)');
  if (bytes.length < end + tagLength) throw new Invalid('the export is not whole: copy it again from where it was written');
  const { salt, nonce } = said.data;
  const key = await keyOf(passphrase, Buffer.from(salt, 'base64'));
  try {
    const decipher = createDecipheriv('aes-256-gcm', key, Buffer.from(nonce, 'base64'), { authTagLength: tagLength })
      .setAAD(bytes.subarray(0, end))
      .setAuthTag(bytes.subarray(-tagLength));
    return Buffer.concat([decipher.update(bytes.subarray(end, -tagLength)), decipher.final()]);
  } catch {
    throw new Refused('the export does not open: the passphrase is another, or the file is not whole or was changed');
  }
}

const keyOf = (passphrase: string, salt: Uint8Array): Promise<Buffer> =>
  new Promise((resolve, reject) =>
    scrypt(passphrase.normalize('NFC'), salt, keyLength, cost, (error, key) => (error ? reject(error) : resolve(key))),
  );

function jsonIn(bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString());
  } catch {
    return undefined;
  }
}
