import { createPrivateKey, type KeyObject, X509Certificate } from 'node:crypto';
import type { Random } from '../../ports.ts';
import { distinguishedName, type ExtendedKeyUsage, type KeyUsage, pem, type Subject, signCertificate } from './certificate.ts';
import { type Element, elements } from './der.ts';
import { generatePrivateKey, type KeyType, keyTypeOf } from './keys.ts';

/** A certificate as PEM text, and the private key of what it names. */
export interface Certified {
  readonly certificate: string;
  readonly key: KeyObject;
}

export interface Validity {
  /** Milliseconds since 1970. */
  readonly notBefore: number;
  readonly notAfter: number;
}

const tenYears = 87_600 * 3_600_000;

/** A new self-signed authority, valid from `now` for ten years. An empty subject is allowed. */
export async function createCertificateAuthority(
  request: { readonly subject: Subject; readonly keyType: KeyType; readonly now: number },
  random: Random,
): Promise<Certified> {
  const key = await generatePrivateKey(request.keyType);
  const name = distinguishedName(request.subject);
  const certificate = signCertificate(
    {
      serial: serialNumber(random),
      issuer: name,
      subject: name,
      notBefore: request.now,
      notAfter: request.now + tenYears,
      key,
      extensions: {
        keyUsage: ['digitalSignature', 'keyCertSign'],
        extendedKeyUsage: ['serverAuth', 'clientAuth'],
        authority: true,
        subjectKeyId: random.bytes(20),
        names: [],
      },
    },
    key,
  );
  return { certificate: pem('CERTIFICATE', certificate), key };
}

export interface CertificateRequest extends Validity {
  readonly subject: Subject;
  readonly extendedKeyUsage: readonly ExtendedKeyUsage[];
  readonly keyUsage?: readonly KeyUsage[];
  /** Subject alternative names, each an IP address or a DNS name. */
  readonly names?: readonly string[];
}

/** A certificate for a new key of the authority's own type. */
export async function issueCertificate(authority: Certified, request: CertificateRequest, random: Random): Promise<Certified> {
  const issuer = issuerOf(authority.certificate);
  const key = await generatePrivateKey(keyTypeOf(authority.key) ?? 'p256');
  const certificate = signCertificate(
    {
      serial: serialNumber(random),
      issuer: issuer.name,
      subject: distinguishedName(request.subject),
      notBefore: request.notBefore,
      notAfter: request.notAfter,
      key,
      extensions: {
        keyUsage: request.keyUsage ?? ['digitalSignature'],
        extendedKeyUsage: request.extendedKeyUsage,
        authority: false,
        ...(issuer.keyId && { authorityKeyId: issuer.keyId }),
        names: request.names ?? [],
      },
    },
    authority.key,
  );
  return { certificate: pem('CERTIFICATE', certificate), key };
}

/** PKCS#8 PEM, which `tls` and `https` take for every type of key. */
export const privateKeyPem = (key: KeyObject): string => key.export({ type: 'pkcs8', format: 'pem' }).toString();

/** Reads back what `Certified` says, from PEM texts. Throws when either cannot be read or they do not belong together. */
export function readCertified(certificate: string, key: string): Certified {
  const privateKey = createPrivateKey(key);
  if (!new X509Certificate(certificate).checkPrivateKey(privateKey)) {
    throw new TypeError('the private key does not belong to the certificate');
  }
  return { certificate, key: privateKey };
}

/** 128 random bits; the top ones fixed, so that it is positive, never zero, and always sixteen bytes long. */
function serialNumber(random: Random): Uint8Array {
  const serial = random.bytes(16);
  serial[0] = ((serial[0] ?? 0) & 0x3f) | 0x40;
  return serial;
}

/**
 * The subject and the key id of an authority, as its certificate has them. Both are copied and not computed: the id of an
 * authority that Talos or we made is random, and a chain with the hash of the key in its place does not verify.
 */
function issuerOf(certificate: string): { readonly name: Uint8Array; readonly keyId: Uint8Array | undefined } {
  const [toBeSigned] = childrenOf(new X509Certificate(certificate).raw);
  const fields = children(toBeSigned);
  // version, serial, algorithm, issuer, validity, subject, key, [3] extensions
  const name = fields[5]?.whole;
  if (!name) throw new TypeError('the certificate of the authority has no subject');
  const extensions = fields.find((field) => field.tag === 0xa3);
  const subjectKeyId = children(children(extensions)[0]).map(children).find(isSubjectKeyId);
  return { name, keyId: children(subjectKeyId?.at(-1))[0]?.contents };
}

const children = (parent: Element | undefined): readonly Element[] => (parent ? elements(parent.contents) : []);
const childrenOf = (der: Uint8Array): readonly Element[] => children(elements(der)[0]);
/** 2.5.29.14 */
const isSubjectKeyId = (extension: readonly Element[]): boolean =>
  Buffer.from(extension[0]?.contents ?? []).equals(Buffer.of(0x55, 0x1d, 0x0e));
