import { createPrivateKey, type KeyObject } from 'node:crypto';

/**
 * Talos writes keys under the labels that Go programs expect: SEC1 and PKCS#1 for ECDSA and RSA, and a label of its own
 * around PKCS#8 for Ed25519, which OpenSSL (hence node:crypto and node:tls) refuses until it is renamed.
 */
const talosEd25519 = 'ED25519 PRIVATE KEY';

/** PEM text of a private key as Talos and Kubernetes files hold it. */
export function writeTalosKey(key: KeyObject): string {
  switch (key.asymmetricKeyType) {
    case 'ec':
      return key.export({ type: 'sec1', format: 'pem' }).toString();
    case 'rsa':
      return key.export({ type: 'pkcs1', format: 'pem' }).toString();
    default:
      return key.export({ type: 'pkcs8', format: 'pem' }).toString().replaceAll('PRIVATE KEY', talosEd25519);
  }
}

/** The same text under labels that OpenSSL reads: what `tls.connect` and `createPrivateKey` take. */
export const toOpenSslKey = (pem: string): string => pem.replaceAll(talosEd25519, 'PRIVATE KEY');

/** Reads a private key of a Talos file, whatever its label. Throws what node:crypto throws, which quotes no key. */
export const readTalosKey = (pem: string): KeyObject => createPrivateKey(toOpenSslKey(pem));

/** One line of base64, as configs carry PEM texts. */
export const toBase64 = (text: string): string => Buffer.from(text).toString('base64');

/** The text behind strict base64; undefined for anything else. */
export function fromBase64(encoded: string): string | undefined {
  if (encoded.length % 4 !== 0 || !/^[A-Za-z0-9+/]+={0,2}$/.test(encoded)) return undefined;
  return Buffer.from(encoded, 'base64').toString();
}
