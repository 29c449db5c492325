import { createCipheriv, createDecipheriv } from 'node:crypto';
import { Refused } from '../errors.ts';
import type { Random } from '../ports.ts';

/** Makes content unreadable to whoever reads the table, and shows when it was changed or moved to another object. */
export interface Sealer {
  /** `identity` names the object that the content belongs to; `open` fails under any other. */
  seal(plaintext: Uint8Array, identity: string): Promise<Uint8Array> | Uint8Array;
  /** Throws Refused when the key is not there, or the content or its identity was changed. */
  open(sealed: Uint8Array, identity: string): Promise<Uint8Array> | Uint8Array;
}

export interface Key {
  /** At most 255 bytes; stands in clear before each content that it seals. */
  readonly id: string;
  /** 32 bytes. */
  readonly bytes: Uint8Array;
}

/** Where keys come from. To rotate: make another key current, and keep the old one for as long as something is sealed with it. */
export interface KeyRing {
  current(): Promise<Key> | Key;
  byId(id: string): Promise<Key | undefined> | Key | undefined;
}

const format = 1;
const nonceLength = 12;
const tagLength = 16;

/**
 * AES-256-GCM. Sealed is: format (1 byte), length of the key id (1), key id, nonce (12), ciphertext, tag (16). The additional
 * data is all before the nonce, and the identity.
 */
export function aesSealer(ring: KeyRing, random: Random): Sealer {
  return Object.freeze({
    async seal(plaintext: Uint8Array, identity: string) {
      const key = await ring.current();
      const id = Buffer.from(key.id);
      if (id.length > 255) throw new RangeError(`key id "${key.id}" is longer than 255 bytes`);
      const head = Buffer.concat([Buffer.of(format, id.length), id]);
      const nonce = random.bytes(nonceLength);
      const cipher = createCipheriv('aes-256-gcm', key.bytes, nonce).setAAD(Buffer.concat([head, Buffer.from(identity)]));
      return Buffer.concat([head, nonce, cipher.update(plaintext), cipher.final(), cipher.getAuthTag()]);
    },

    async open(sealed: Uint8Array, identity: string) {
      const bytes = Buffer.from(sealed.buffer, sealed.byteOffset, sealed.byteLength);
      const headLength = 2 + (bytes[1] ?? 0);
      if (bytes[0] !== format || bytes.length < headLength + nonceLength + tagLength)
        throw new Refused(`the content of ${identity} was not sealed by this version of Plastron`);
      const head = bytes.subarray(0, headLength);
      const id = head.subarray(2).toString();
      const key = await ring.byId(id);
      if (key === undefined) throw new Refused(`${identity} is sealed with key "${id}", which is not in the key ring: bring the key back`);
      const nonce = bytes.subarray(headLength, headLength + nonceLength);
      const decipher = createDecipheriv('aes-256-gcm', key.bytes, nonce)
        .setAAD(Buffer.concat([head, Buffer.from(identity)]))
        .setAuthTag(bytes.subarray(-tagLength));
      try {
        return Buffer.concat([decipher.update(bytes.subarray(headLength + nonceLength, -tagLength)), decipher.final()]);
      } catch {
        throw new Refused(`the content of ${identity} does not open with key "${id}": it, its place or the key was changed`);
      }
    },
  });
}
