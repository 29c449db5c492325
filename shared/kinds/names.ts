/** Names that are pure functions of what they stand for, so that doing a thing twice finds the first. */

/** FNV-1a, 32 bits, as Cluster API v1alpha1 hashes templates. */
export function fnv1a(text: string): number {
  let hash = 0x811c9dc5;
  for (const byte of new TextEncoder().encode(text)) hash = Math.imul(hash ^ byte, 0x01000193) >>> 0;
  return hash;
}

/** No vowels, nothing that looks like another: the alphabet of Kubernetes' generated names. */
const alphabet = 'bcdfghjklmnpqrstvwxz2456789';

/** The decimal digits of a hash in letters that spell no words (as `rand.SafeEncodeString` of Kubernetes): `6fbc48d957`. */
export const safeEncode = (text: string): string => [...text].map((c) => alphabet[c.charCodeAt(0) % alphabet.length]).join('');

/** Five characters of a hash of (owner, turn, index): no turn is taken twice, so no name is either. */
export function childSuffix(ownerUid: string, turn: number, index: number): string {
  let hash = fnv1a(`${ownerUid}/${turn}/${index}`);
  // One more round of mixing: FNV alone leaves neighbouring indexes close together.
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b) >>> 0;
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35) >>> 0;
  hash = (hash ^ (hash >>> 16)) >>> 0;
  let suffix = '';
  for (let i = 0; i < 5; i++) {
    suffix += alphabet[hash % alphabet.length];
    hash = Math.floor(hash / alphabet.length);
  }
  return suffix;
}

/** A name for a child, at most 63 characters: base cut to 57, a dash, a suffix. */
export const childName = (base: string, suffix: string): string => `${base.slice(0, 62 - suffix.length)}-${suffix}`;
