import { createPublicKey, type KeyObject } from 'node:crypto';
import { isIPv4, isIPv6 } from 'node:net';
import {
  bitString,
  boolean,
  concat,
  type Der,
  directoryString,
  element,
  explicit,
  implicit,
  integer,
  octetString,
  oid,
  sequence,
  set,
  tags,
  time,
} from './der.ts';
import { keyTypeOf, signature, signatureAlgorithm } from './keys.ts';

export interface Subject {
  /** Several make one RDN with several values, as Go writes them. */
  readonly organizations?: readonly string[];
  readonly commonName?: string;
}

export type KeyUsage = 'digitalSignature' | 'keyEncipherment' | 'keyCertSign';
export type ExtendedKeyUsage = 'serverAuth' | 'clientAuth';

export interface Extensions {
  readonly keyUsage: readonly KeyUsage[];
  readonly extendedKeyUsage: readonly ExtendedKeyUsage[];
  readonly authority: boolean;
  readonly subjectKeyId?: Uint8Array;
  readonly authorityKeyId?: Uint8Array;
  /** Each an IP address or a DNS name. */
  readonly names: readonly string[];
}

export interface CertificateFields {
  readonly serial: Uint8Array;
  /** DER of a Name: as the issuer's certificate has it, byte for byte. */
  readonly issuer: Uint8Array;
  readonly subject: Uint8Array;
  /** Milliseconds since 1970; what is below a second is dropped. */
  readonly notBefore: number;
  readonly notAfter: number;
  readonly key: KeyObject;
  readonly extensions: Extensions;
}

/** An RDNSequence, organizations before the common name. */
export function distinguishedName({ organizations = [], commonName }: Subject): Der {
  const attribute = (type: string, value: string) => sequence(oid(type), directoryString(value));
  return sequence(
    ...(organizations.length > 0 ? [set(...organizations.map((name) => attribute('2.5.4.10', name)))] : []),
    ...(commonName === undefined ? [] : [set(attribute('2.5.4.3', commonName))]),
  );
}

const keyUsageBits: Readonly<Record<KeyUsage, number>> = { digitalSignature: 0, keyEncipherment: 2, keyCertSign: 5 };
const extendedKeyUsageIds: Readonly<Record<ExtendedKeyUsage, string>> = {
  serverAuth: '1.3.6.1.5.5.7.3.1',
  clientAuth: '1.3.6.1.5.5.7.3.2',
};

/** Named bits drop their trailing zeros: digitalSignature alone is one bit, 07 80 (seven unused bits). */
function keyUsageBitString(usages: readonly KeyUsage[]): Der {
  const bits = usages.map((usage) => keyUsageBits[usage]);
  const octet = bits.reduce((sum, bit) => sum | (0x80 >> bit), 0);
  return element(tags.bitString, Uint8Array.of(7 - Math.max(...bits), octet));
}

function generalName(name: string): Der {
  if (isIPv4(name)) return implicit(7, Uint8Array.from(name.split('.').map(Number)));
  if (isIPv6(name)) return implicit(7, ipv6Octets(name));
  return implicit(2, new TextEncoder().encode(name));
}

/** The sixteen bytes of an address; URL spells out what is mixed with IPv4 and normalises, `::` is filled with zeros. */
function ipv6Octets(address: string): Uint8Array {
  const canonical = new URL(`http://[${address}]`).hostname.slice(1, -1);
  const [head = '', tail] = canonical.split('::');
  const groups = (part: string | undefined) => (part ? part.split(':') : []);
  const zeros = tail === undefined ? 0 : 8 - groups(head).length - groups(tail).length;
  const all = [...groups(head), ...Array<string>(zeros).fill('0'), ...groups(tail)].map((group) => Number.parseInt(group, 16));
  return Uint8Array.from(all.flatMap((group) => [group >> 8, group & 0xff]));
}

/** In the order in which Go writes them: key usage, extended key usage, basic constraints, key ids, names. */
function extensionList(extensions: Extensions): Der[] {
  const extension = (id: string, critical: boolean, value: Uint8Array) =>
    sequence(oid(id), ...(critical ? [boolean(true)] : []), octetString(value));
  const { keyUsage, extendedKeyUsage, authority, subjectKeyId, authorityKeyId, names } = extensions;
  return [
    extension('2.5.29.15', true, keyUsageBitString(keyUsage)),
    extension('2.5.29.37', false, sequence(...extendedKeyUsage.map((usage) => oid(extendedKeyUsageIds[usage])))),
    ...(authority ? [extension('2.5.29.19', true, sequence(boolean(true)))] : []),
    ...(subjectKeyId ? [extension('2.5.29.14', false, octetString(subjectKeyId))] : []),
    ...(authorityKeyId ? [extension('2.5.29.35', false, sequence(implicit(0, authorityKeyId)))] : []),
    ...(names.length > 0 ? [extension('2.5.29.17', false, sequence(...names.map(generalName)))] : []),
  ];
}

/** An X.509 v3 certificate, signed. Throws TypeError for a signing key that is neither Ed25519, P-256 nor RSA. */
export function signCertificate(fields: CertificateFields, signingKey: KeyObject): Der {
  const type = keyTypeOf(signingKey);
  if (!type) throw new TypeError('the signing key must be Ed25519, P-256 or RSA');
  const algorithm = signatureAlgorithm(type);
  const toBeSigned = sequence(
    explicit(0, integer(Uint8Array.of(2))),
    integer(fields.serial),
    algorithm,
    fields.issuer,
    sequence(time(fields.notBefore), time(fields.notAfter)),
    fields.subject,
    createPublicKey(fields.key).export({ type: 'spki', format: 'der' }),
    explicit(3, sequence(...extensionList(fields.extensions))),
  );
  return sequence(toBeSigned, algorithm, bitString(signature(type, toBeSigned, signingKey)));
}

/** PEM text: 64 characters of base64 a line. */
export function pem(label: string, ...contents: readonly Uint8Array[]): string {
  const base64 = Buffer.from(concat(contents)).toString('base64');
  return `-----BEGIN ${label}-----\n${base64.match(/.{1,64}/g)?.join('\n') ?? ''}\n-----END ${label}-----\n`;
}
