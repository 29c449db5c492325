import type { X509Certificate } from 'node:crypto';
import { connect } from 'node:tls';
import { afterAll, afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { parse, stringify } from 'yaml';
import type { FakeNodes } from '../../../infra/local/nodes/host.ts';
import { parseMachineConfig } from '../../../shared/bootstrap/talos/machine-config.ts';
import { toOpenSslKey } from '../../../shared/bootstrap/talos/pem.ts';
import { type CertificateRequest, issueCertificate, privateKeyPem, readCertified } from '../../../shared/bootstrap/x509/authority.ts';
import { Refused, RetryLater } from '../../../shared/errors.ts';
import { seededRandom } from '../../clock.ts';
import { bootFirstMaster, closeClients, eventually, newCluster, reach, startHost, type TestCluster, talosOf } from './fixture.ts';

afterAll(closeClients);

describe('the Talos API of a fake master', () => {
  let host: FakeNodes;
  let cluster: TestCluster;
  beforeEach(async () => {
    host = startHost();
    cluster = await newCluster();
  });
  afterEach(() => host.close());

  /** The cluster with other client credentials, signed by its own authority of the Talos API. */
  async function withClient(request: Partial<CertificateRequest>): Promise<TestCluster> {
    const { ca } = parseMachineConfig(cluster.master(0).userData);
    const authority = readCertified(ca.certificate, toOpenSslKey(ca.key!));
    const now = Date.now();
    const issued = await issueCertificate(
      authority,
      {
        subject: { organizations: ['os:admin'] },
        extendedKeyUsage: ['clientAuth'],
        notBefore: now - 1_000,
        notAfter: now + 3_600_000,
        ...request,
      },
      seededRandom(1),
    );
    const base64 = (text: string) => Buffer.from(text).toString('base64');
    const file = parse(cluster.talosconfig) as { context: string; contexts: Record<string, object> };
    const context = { ...file.contexts[file.context], crt: base64(issued.certificate), key: base64(privateKeyPem(issued.key)) };
    return { ...cluster, talosconfig: stringify({ ...file, contexts: { [file.context]: context } }) };
  }

  it('answers nothing before the machine has booted', async () => {
    await host.close();
    host = startHost({ bootMs: 60_000 });
    host.powerOn(cluster.master(0));
    await expect(talosOf(cluster).version()).rejects.toThrow(RetryLater);
    expect(host.state().machines).toMatchObject([{ stage: 'booting' }]);
  });

  it('tells its version and its cloud', async () => {
    host.powerOn(cluster.master(0));
    expect(await eventually(() => talosOf(cluster).version())).toEqual({ tag: 'v1.13.9', platform: 'gcp' });
  });

  it('bootstraps etcd once: later, and again later, it says that it has', async () => {
    await host.close();
    host = startHost({ paces: { criMs: 500 } });
    host.powerOn(cluster.master(0));
    await eventually(() => talosOf(cluster).version());
    await expect(talosOf(cluster).bootstrap()).rejects.toThrow(/Talos API: Bootstrap at 127[\d.]+: FailedPrecondition/);
    expect(await talosOf(cluster).hasEtcdData()).toBe(false);
    expect(await eventually(() => talosOf(cluster).bootstrap())).toBe('done');
    expect(await talosOf(cluster).bootstrap()).toBe('already');
    expect(await talosOf(cluster).hasEtcdData()).toBe(true);
    await eventually(
      () => talosOf(cluster).services(),
      (services) => services.some(({ id, state, healthy }) => id === 'etcd' && state === 'Running' && healthy === true),
    );
    expect(await talosOf(cluster).etcdMembers()).toMatchObject([{ hostname: 'talos-gce-master-0', isLearner: false }]);
  });

  it('refuses a client of another authority', async () => {
    host.powerOn(cluster.master(0));
    await eventually(() => talosOf(cluster).version());
    const stranger = await newCluster();
    const context = (text: string) => Object.values((parse(text) as { contexts: Record<string, Record<string, string>> }).contexts)[0]!;
    const { crt, key } = context(stranger.talosconfig);
    const mixed = { context: 'c', contexts: { c: { ...context(cluster.talosconfig), crt, key } } };
    await expect(talosOf({ ...cluster, talosconfig: stringify(mixed) }).version()).rejects.toThrow(RetryLater);
  });

  it('refuses a certificate that is good for servers as well', async () => {
    host.powerOn(cluster.master(0));
    await eventually(() => talosOf(cluster).version());
    expect(await talosOf(await withClient({})).version()).toBeDefined();
    const both = await withClient({ extendedKeyUsage: ['serverAuth', 'clientAuth'] });
    await expect(talosOf(both).version()).rejects.toThrow(RetryLater);
  });

  it('lets a reader read and no more', async () => {
    host.powerOn(cluster.master(0));
    const reader = await withClient({ subject: { organizations: ['os:reader'] } });
    expect(await eventually(() => talosOf(reader).services())).not.toHaveLength(0);
    await expect(talosOf(reader).bootstrap()).rejects.toThrow(Refused);
    await expect(talosOf(await withClient({ subject: { organizations: ['os:nobody'] } })).version()).rejects.toThrow(Refused);
  });

  it('listens as soon as its address is there, and no more at the one that it lost', async () => {
    const { externalAddress, ...master } = cluster.master(0);
    host.powerOn(master);
    await eventually(() => host.state().machines[0]?.stage === 'running');
    await expect(talosOf(cluster).version()).rejects.toThrow(RetryLater);
    host.setExternalAddress(master.id, externalAddress);
    await eventually(() => talosOf(cluster).version());
    host.setExternalAddress(master.id, undefined);
    await eventually(async () => {
      await expect(talosOf(cluster).version()).rejects.toThrow(RetryLater);
      return true;
    });
  });

  it('says at its console that it cannot listen at an address that is not of this host', async () => {
    host.powerOn({ ...cluster.master(0), externalAddress: '203.0.113.10' });
    await eventually(() => host.state().machines[0]?.says.includes('apid cannot listen'));
    expect(host.state().machines[0]?.talosApi).toBeUndefined();
    host.setExternalAddress(host.state().machines[0]!.id, cluster.addresses[0]!);
    await eventually(() => talosOf(cluster).version());
    expect(host.state().machines[0]?.talosApi).toBe(`https://${cluster.addresses[0]}:50000`);
  });

  it('shows a certificate that names its addresses', async () => {
    host.powerOn(cluster.master(0));
    await eventually(() => talosOf(cluster).version());
    const shown = await new Promise<X509Certificate>((resolve, reject) => {
      const socket = connect({ host: cluster.addresses[0]!, port: 50_000, rejectUnauthorized: false, ALPNProtocols: ['h2'] });
      socket.on('error', reject).on('secureConnect', () => {
        resolve(socket.getPeerX509Certificate()!);
        socket.destroy();
      });
    });
    expect(shown.checkIP(cluster.addresses[0]!)).toBeDefined();
    expect(shown.checkHost('talos-gce-master-0')).toBeDefined();
  });

  it('reboots with its data, and forgets them when it is reset', async () => {
    await host.close();
    host = startHost({ bootMs: 100 });
    const master = await bootFirstMaster(host, cluster);
    const before = await talosOf(cluster).etcdMembers();
    await reach(cluster, (machine) => machine.reboot({}));
    await eventually(() => host.state().machines[0]?.stage === 'booting');
    expect(await eventually(() => talosOf(cluster).etcdMembers())).toEqual(before);
    await reach(cluster, (machine) => machine.reset({ reboot: true }));
    await eventually(async () => (await talosOf(cluster).hasEtcdData()) === false);
    host.powerOff(master.id);
    await eventually(async () => {
      await expect(talosOf(cluster).version()).rejects.toThrow(RetryLater);
      return true;
    });
    expect(host.state()).toEqual({ machines: [], clusters: [] });
  });
});
