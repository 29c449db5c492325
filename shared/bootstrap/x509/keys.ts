import { generateKeyPair, type KeyObject, sign } from 'node:crypto';
import { promisify } from 'node:util';
import { type Der, nothing, oid, sequence } from './der.ts';

/**
 * Private keys come from node:crypto and not from the Random port: a port that a simulation may seed must never be able
 * to make a key that others can compute, and ECDSA signatures differ each time anyway, so nothing could be replayed to the byte.
 */
export type KeyType = 'ed25519' | 'p256' | 'rsa2048' | 'rsa4096';

const generate = promisify(generateKeyPair);

/** A new private key. RSA takes up to two seconds of a thread of its own; the others are done at once. */
export async function generatePrivateKey(type: KeyType): Promise<KeyObject> {
  switch (type) {
    case 'ed25519':
      return (await generate('ed25519')).privateKey;
    case 'p256':
      return (await generate('ec', { namedCurve: 'prime256v1' })).privateKey;
    case 'rsa2048':
      return (await generate('rsa', { modulusLength: 2048 })).privateKey;
    case 'rsa4096':
      return (await generate('rsa', { modulusLength: 4096 })).privateKey;
  }
}

/** What kind of key this is; undefined for one that we do not issue certificates with. */
export function keyTypeOf(key: KeyObject): KeyType | undefined {
  switch (key.asymmetricKeyType) {
    case 'ed25519':
      return 'ed25519';
    case 'ec':
      return key.asymmetricKeyDetails?.namedCurve === 'prime256v1' ? 'p256' : undefined;
    case 'rsa':
      return (key.asymmetricKeyDetails?.modulusLength ?? 0) > 2048 ? 'rsa4096' : 'rsa2048';
    default:
      return undefined;
  }
}

/** The AlgorithmIdentifier that names how `signature` signs with this type of key. RSA alone carries NULL parameters. */
export function signatureAlgorithm(type: KeyType): Der {
  switch (type) {
    case 'ed25519':
      return sequence(oid('1.3.101.112'));
    case 'p256':
      return sequence(oid('1.2.840.10045.4.3.2'));
    case 'rsa2048':
    case 'rsa4096':
      return sequence(oid('1.2.840.113549.1.1.11'), nothing());
  }
}

export const signature = (type: KeyType, message: Uint8Array, key: KeyObject): Uint8Array =>
  sign(type === 'ed25519' ? null : 'sha256', message, key);
