import 'reflect-metadata';
import { createHash, X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { connect, createServer, type TLSSocket } from 'node:tls';
import { describe, expect, it } from '@jest/globals';
import * as x509 from '@peculiar/x509';
import {
  type Certified,
  createCertificateAuthority,
  issueCertificate,
  privateKeyPem,
  readCertified,
} from '../../../shared/bootstrap/x509/authority.ts';
import { now, randomFrom } from '../ports.ts';

const random = randomFrom('certificates');
const day = 86_400_000;
const validity = { notBefore: now, notAfter: now + day };
const authority = (keyType: 'ed25519' | 'p256' | 'rsa2048', from = now) =>
  createCertificateAuthority({ subject: { organizations: ['talos'] }, keyType, now: from }, random);
const tlsOf = ({ certificate, key }: Certified) => ({ cert: certificate, key: privateKeyPem(key) });

describe('a certificate authority', () => {
  it.each(['ed25519', 'p256', 'rsa2048'] as const)('of type %s verifies what it issued, for two other implementations', async (keyType) => {
    const ca = await authority(keyType);
    const leaf = await issueCertificate(ca, { subject: { commonName: 'node' }, extendedKeyUsage: ['serverAuth'], ...validity }, random);
    expect(new X509Certificate(leaf.certificate).verify(new X509Certificate(ca.certificate).publicKey)).toBe(true);
    const [issuer, issued] = [new x509.X509Certificate(ca.certificate), new x509.X509Certificate(leaf.certificate)];
    expect(await issued.verify({ publicKey: issuer.publicKey, date: new Date(now + 1000) })).toBe(true);
    expect(await issuer.isSelfSigned()).toBe(true);
  });

  it('is marked as one, critically, for ten years', async () => {
    const ca = new x509.X509Certificate((await authority('p256')).certificate);
    expect(ca.getExtension(x509.BasicConstraintsExtension)).toMatchObject({ ca: true, critical: true, pathLength: undefined });
    expect(ca.getExtension(x509.KeyUsagesExtension)).toMatchObject({
      critical: true,
      usages: x509.KeyUsageFlags.digitalSignature | x509.KeyUsageFlags.keyCertSign,
    });
    expect(ca.notBefore.getTime()).toBe(Math.floor(now / 1000) * 1000);
    expect(ca.notAfter.getTime() - ca.notBefore.getTime()).toBe(87_600 * 3_600_000);
    expect(ca.extensions.map(({ type }) => type)).toEqual(['2.5.29.15', '2.5.29.37', '2.5.29.19', '2.5.29.14']);
  });

  it('gives its random key id to what it issues, not the hash of its key', async () => {
    const ca = await authority('p256');
    const leaf = await issueCertificate(ca, { subject: {}, extendedKeyUsage: ['clientAuth'], ...validity }, random);
    const own = new x509.X509Certificate(ca.certificate).getExtension(x509.SubjectKeyIdentifierExtension)?.keyId;
    expect(new x509.X509Certificate(leaf.certificate).getExtension(x509.AuthorityKeyIdentifierExtension)?.keyId).toBe(own);
    const hash = createHash('sha1').update(new X509Certificate(ca.certificate).publicKey.export({ type: 'spki', format: 'der' }));
    expect(own).not.toBe(hash.digest('hex'));
  });

  it('may have no subject at all', async () => {
    const ca = await createCertificateAuthority({ subject: {}, keyType: 'p256', now }, random);
    const leaf = await issueCertificate(ca, { subject: { commonName: 'x' }, extendedKeyUsage: ['clientAuth'], ...validity }, random);
    expect(new x509.X509Certificate(ca.certificate).subject).toBe('');
    expect(new X509Certificate(leaf.certificate).checkIssued(new X509Certificate(ca.certificate))).toBe(true);
  });

  it('never gives the same serial number twice, and each is positive and sixteen bytes long', async () => {
    const ca = await authority('ed25519');
    const request = { subject: {}, extendedKeyUsage: ['clientAuth'], ...validity } as const;
    const issued = await Promise.all(Array.from({ length: 50 }, () => issueCertificate(ca, request, random)));
    const serials = issued.map(({ certificate }) => new X509Certificate(certificate).serialNumber);
    expect(new Set(serials).size).toBe(50);
    for (const serial of serials) expect(serial).toMatch(/^[4-7][0-9A-F]{31}$/);
  });

  it('is not put together from a certificate and a key of another', async () => {
    const [one, other] = [await authority('ed25519'), await authority('ed25519')];
    expect(() => readCertified(one.certificate, privateKeyPem(other.key))).toThrow('does not belong');
  });
});

describe('an issued certificate', () => {
  it('names IPv4, IPv6 and DNS names alike', async () => {
    const names = ['203.0.113.10', 'fd00::1:2', '::', '::ffff:10.0.0.1', 'api.demo.example.com'];
    const leaf = await issueCertificate(
      await authority('p256'),
      { subject: {}, extendedKeyUsage: ['serverAuth'], names, ...validity },
      random,
    );
    const certificate = new X509Certificate(leaf.certificate);
    for (const address of names.slice(0, 4)) expect([address, certificate.checkIP(address)]).toEqual([address, address]);
    expect(certificate.checkHost('api.demo.example.com')).toBe('api.demo.example.com');
    expect(certificate.checkIP('203.0.113.11')).toBeUndefined();
  });

  it('holds several organizations in one set, before the common name', async () => {
    const subject = { organizations: ['os:reader', 'os:admin'], commonName: 'admin' };
    const leaf = await issueCertificate(await authority('p256'), { subject, extendedKeyUsage: ['clientAuth'], ...validity }, random);
    expect(new x509.X509Certificate(leaf.certificate).subjectName.toJSON()).toEqual([{ O: ['os:admin', 'os:reader'] }, { CN: ['admin'] }]);
  });

  it.each(['ed25519', 'p256'] as const)('opens a connection with mutual TLS, with an authority of type %s', async (keyType) => {
    const ca = await authority(keyType, valid().notBefore);
    const client = await issueCertificate(
      ca,
      { subject: { organizations: ['os:admin'] }, extendedKeyUsage: ['clientAuth'], ...valid() },
      random,
    );
    await withServer(ca, async (port) => {
      const socket = connect({ port, host: '127.0.0.1', ca: ca.certificate, ...tlsOf(client) });
      const [said] = await once(socket, 'data');
      expect([String(said), socket.getProtocol()]).toEqual(['os:admin', 'TLSv1.3']);
      socket.destroy();
    });
  });

  it('of another authority opens nothing', async () => {
    const [ca, other] = [await authority('ed25519', valid().notBefore), await authority('ed25519', valid().notBefore)];
    const stranger = await issueCertificate(other, { subject: {}, extendedKeyUsage: ['clientAuth'], ...valid() }, random);
    await withServer(ca, async (port) => {
      const socket = connect({ port, host: '127.0.0.1', ca: ca.certificate, ...tlsOf(stranger) });
      // TLS 1.3 lets a client believe that it is in before the server has looked at its certificate.
      let said = '';
      socket.on('data', (data) => {
        said += data;
      });
      socket.on('error', () => {});
      await new Promise((resolve) => socket.on('close', resolve));
      expect(said).toBe('');
    });
  });
});

/** TLS looks at the real clock. */
const valid = () => ({ notBefore: Date.now() - day, notAfter: Date.now() + day });

/** Serves with mutual TLS on loopback, and tells each client the organization in its certificate. */
async function withServer(ca: Certified, use: (port: number) => Promise<void>): Promise<void> {
  const names = ['127.0.0.1'];
  const own = await issueCertificate(ca, { subject: { commonName: 'node' }, extendedKeyUsage: ['serverAuth'], names, ...valid() }, random);
  const options = { ca: ca.certificate, requestCert: true, rejectUnauthorized: true, ...tlsOf(own) };
  const server = createServer(options, (socket: TLSSocket) => socket.end(String(socket.getPeerCertificate().subject?.O)));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  try {
    await use((server.address() as AddressInfo).port);
  } finally {
    server.close();
  }
}
