import 'reflect-metadata';
import { createPrivateKey, X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { connect, createServer, type TLSSocket } from 'node:tls';
import { describe, expect, it } from '@jest/globals';
import * as x509 from '@peculiar/x509';
import { parse } from 'yaml';
import { toOpenSslKey } from '../../../shared/bootstrap/talos/pem.ts';
import { createTalosBootstrap } from '../../../shared/bootstrap/talos/talos-bootstrap.ts';
import { issueCertificate, privateKeyPem, readCertified } from '../../../shared/bootstrap/x509/authority.ts';
import { clock, now, randomFrom } from '../ports.ts';
import { bootstrap, cluster, secrets } from './rendering.ts';

const decoded = (base64: string): string => Buffer.from(base64, 'base64').toString();
const year = 365 * 86_400_000;

describe('the talosconfig', () => {
  it('lists every master address and is signed by the authority of the Talos API', async () => {
    const { talosconfig, expiresAt } = await bootstrap.clientConfig(secrets, cluster);
    const file = parse(talosconfig);
    expect(file.context).toBe('demo');
    expect(file.contexts.demo.endpoints).toEqual(['203.0.113.10', '203.0.113.11']);
    const certificate = new X509Certificate(decoded(file.contexts.demo.crt));
    expect(certificate.verify(new X509Certificate(decoded(file.contexts.demo.ca)).publicKey)).toBe(true);
    expect(certificate.checkPrivateKey(createPrivateKey(toOpenSslKey(decoded(file.contexts.demo.key))))).toBe(true);
    expect(certificate.subject).toBe('O=os:admin');
    expect(Date.parse(certificate.validTo)).toBe(expiresAt);
    expect(expiresAt).toBe(Math.floor((now + year) / 1000) * 1000);
  });

  it('is good for clients only, since apid refuses a certificate that is good for more', async () => {
    const { talosconfig } = await bootstrap.clientConfig(secrets, cluster);
    const certificate = new x509.X509Certificate(decoded(parse(talosconfig).contexts.demo.crt));
    expect(certificate.getExtension(x509.ExtendedKeyUsageExtension)?.usages).toEqual([x509.ExtendedKeyUsage.clientAuth]);
    expect(certificate.extensions.map(({ type }) => type)).toEqual(['2.5.29.15', '2.5.29.37', '2.5.29.35']);
  });

  it('opens a server whose certificate the same authority issued', async () => {
    const today = createTalosBootstrap({
      clock: { ...clock, now: () => Date.now() },
      random: randomFrom('today'),
      serviceAccountKey: 'ec',
    });
    const bundle = await today.createSecrets();
    const { contexts } = parse((await today.clientConfig(bundle, cluster)).talosconfig);
    const { ca, crt, key } = contexts.demo;
    const os = parse(bundle).certs.os;
    const node = await issueCertificate(
      readCertified(decoded(os.crt), toOpenSslKey(decoded(os.key))),
      {
        subject: { commonName: 'demo-master-0' },
        extendedKeyUsage: ['serverAuth'],
        names: ['127.0.0.1'],
        notBefore: Date.now() - 1000,
        notAfter: Date.now() + year,
      },
      randomFrom('node'),
    );
    const options = { ca: decoded(os.crt), cert: node.certificate, key: privateKeyPem(node.key), requestCert: true };
    const server = createServer(options, (socket: TLSSocket) => socket.end(String(socket.getPeerCertificate().subject.O)));
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const socket = connect({ port, host: '127.0.0.1', ca: decoded(ca), cert: decoded(crt), key: toOpenSslKey(decoded(key)) });
    const [said] = await once(socket, 'data');
    expect(String(said)).toBe('os:admin');
    socket.destroy();
    server.close();
  });
});

describe('the kubeconfig', () => {
  it('goes to the endpoint as cluster admin, under both names of its context', async () => {
    const { kubeconfig } = await bootstrap.clientConfig(secrets, cluster);
    const file = parse(kubeconfig);
    expect(file.clusters[0].cluster.server).toBe(cluster.endpoint);
    expect(file['current-context']).toBe('admin@demo');
    expect(file.contexts.map(({ name }: { name: string }) => name)).toEqual(['admin@demo', 'demo-admin']);
    expect(file.contexts[0].context).toEqual(file.contexts[1].context);
    const certificate = new x509.X509Certificate(decoded(file.users[0].user['client-certificate-data']));
    expect(certificate.subjectName.toJSON()).toEqual([{ O: ['system:masters'] }, { CN: ['admin'] }]);
    const { publicKey } = new x509.X509Certificate(decoded(file.clusters[0].cluster['certificate-authority-data']));
    expect(await certificate.verify({ publicKey, date: new Date(now) })).toBe(true);
    expect(certificate.getExtension(x509.KeyUsagesExtension)?.usages).toBe(
      x509.KeyUsageFlags.digitalSignature | x509.KeyUsageFlags.keyEncipherment,
    );
    expect(certificate.notBefore.getTime()).toBe(Math.floor((now - 10_000) / 1000) * 1000);
  });

  it('is refused for a cluster without a master address', async () => {
    await expect(bootstrap.clientConfig(secrets, { ...cluster, masterAddresses: [] })).rejects.toThrow(
      'cluster.masterAddresses: must hold at least one address',
    );
  });
});
