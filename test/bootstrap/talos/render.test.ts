import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { parse } from 'yaml';
import type { BootstrapCluster } from '../../../shared/bootstrap/bootstrap.ts';
import { parseMachineConfig } from '../../../shared/bootstrap/talos/machine-config.ts';
import { createTalosBootstrap } from '../../../shared/bootstrap/talos/talos-bootstrap.ts';
import { clock, randomFrom } from '../ports.ts';
import { bootstrap, cluster, documentsOf, refusalOf, render, secrets, uid } from './rendering.ts';

const decoded = (base64: string): string => Buffer.from(base64, 'base64').toString();

describe('rendering a machine', () => {
  it('tells the Node by the uid and name of its Machine', () => {
    const annotations = { 'plastron.dev/machine-uid': uid, 'plastron.dev/machine-name': 'w-7' };
    expect(parseMachineConfig(render({ name: 'w-7' })).nodeAnnotations).toEqual(annotations);
  });

  it('puts the endpoint and every master address into both certificates of a master', () => {
    const config = parseMachineConfig(render({ role: 'master', cluster: { ...cluster, endpoint: 'https://api.demo.example.com:6443' } }));
    const names = ['api.demo.example.com', '203.0.113.10', '203.0.113.11'];
    expect([config.certSANs, config.cluster.apiServerCertSANs]).toEqual([names, names]);
  });

  it('names an address once when it is the endpoint too, and an IPv6 endpoint without its brackets', () => {
    const v6 = { ...cluster, endpoint: 'https://[fd00::10]:6443', masterAddresses: ['fd00::10'] };
    expect(parseMachineConfig(render({ role: 'master', cluster: v6, talosVersion: 'v1.11' }), { talosVersion: 'v1.11' })).toMatchObject({
      certSANs: ['fd00::10'],
      cluster: { apiServerCertSANs: ['fd00::10'] },
    });
  });

  it('gives workers no private key at all', () => {
    const { certs } = parse(secrets);
    const worker = render({ role: 'worker' });
    for (const { key } of Object.values(certs) as { key: string }[]) expect(worker).not.toContain(key);
    expect(documentsOf(worker)[0].machine.ca.key).toBe('');
    const master = render({ role: 'master' });
    for (const { key } of Object.values(certs) as { key: string }[]) expect(master).toContain(key);
  });

  it.each([
    ['v1.10', '1.33.6'],
    ['v1.11', '1.34.1'],
    ['1.12.4', '1.35.4'],
    [undefined, '1.36.3'],
  ])('of Talos %s runs Kubernetes %s unless told otherwise', (talosVersion, expected) => {
    const text = render(talosVersion === undefined ? {} : { talosVersion });
    expect(documentsOf(text)[0].machine.kubelet.image).toBe(`ghcr.io/siderolabs/kubelet:v${expected}`);
  });

  it.each(['1.35.2', 'v1.35.2'])('takes the Kubernetes version %s with and without its v', (kubernetesVersion) => {
    expect(parseMachineConfig(render({ kubernetesVersion })).kubelet.version).toBe('1.35.2');
  });

  it('keeps a control plane with an RSA-4096 key within the 16 KB of user data that AWS takes', async () => {
    const rsa = createTalosBootstrap({ clock, random: randomFrom('rsa') });
    const text = rsa.renderMachine(await rsa.createSecrets(), { cluster, role: 'master', name: 'demo-master-0', uid });
    expect(decoded(documentsOf(text)[0].cluster.serviceAccount.key)).toContain('RSA PRIVATE KEY');
    expect(Buffer.byteLength(text)).toBeGreaterThan(10_000);
    expect(Buffer.byteLength(text)).toBeLessThan(12_288);
  });

  it('writes no comment, anchor or alias', () => {
    for (const role of ['master', 'worker'] as const) expect(render({ role })).not.toMatch(/(^|\s)[#&*]\w/m);
  });
});

describe('rendering is refused', () => {
  const of = (changes: Partial<BootstrapCluster>) => ({ cluster: { ...cluster, ...changes } });
  it.each([
    [
      'a Talos newer than we know',
      { talosVersion: 'v1.14.0' },
      /^talosVersion: Talos v1\.14\.0 is newer than v1\.13, the newest supported/,
    ],
    ['a Talos older than we know', { talosVersion: 'v1.9' }, /^talosVersion: .* write one of v1\.10 to v1\.13/],
    ['a Talos version that is none', { talosVersion: 'latest' }, /^talosVersion: /],
    ['a Kubernetes too new for its Talos', { kubernetesVersion: 'v1.37.0' }, /^kubernetesVersion: .* write 1\.31 to 1\.36/],
    ['a Kubernetes too old for its Talos', { talosVersion: 'v1.10', kubernetesVersion: '1.27.9' }, /write 1\.28 to 1\.33/],
    ['a Kubernetes version that is none', { kubernetesVersion: 'stable' }, /^kubernetesVersion: stable is not a Kubernetes version/],
    ['an endpoint without scheme', of({ endpoint: '203.0.113.10:6443' }), /^cluster\.endpoint: must be a URL/],
    ['an endpoint with a port that is none', of({ endpoint: 'https://203.0.113.10:70000' }), /^cluster\.endpoint: .*1 and 65535/],
    ['an IPv6 endpoint without brackets', of({ endpoint: 'https://fd00::10' }), /^cluster\.endpoint: .*brackets/],
    ['no master address', of({ masterAddresses: [] }), /^cluster\.masterAddresses: must hold at least one/],
    ['an address that is none', of({ masterAddresses: ['x y'] }), /^cluster\.masterAddresses\[0\]: must be an IP address or a DNS name/],
    ['a subnet that is none', of({ podSubnets: ['10.244.0.0'] }), /^cluster\.podSubnets\[0\]: must be a subnet/],
    ['no subnet', of({ serviceSubnets: [] }), /^cluster\.serviceSubnets: must hold at least one subnet/],
    [
      'services among the pods',
      of({ serviceSubnets: ['10.244.16.0/20'] }),
      /^cluster\.serviceSubnets\[0\]: 10\.244\.16\.0\/20 overlaps 10\.244\.0\.0\/16/,
    ],
    ['pods among the services', of({ podSubnets: ['10.100.0.0/16'] }), /overlaps 10\.100\.0\.0\/16 of cluster\.podSubnets\[0\]/],
    ['a domain that is none', of({ dnsDomain: 'cluster..local' }), /^cluster\.dnsDomain: must be a DNS name/],
    ['a name that is no DNS label', of({ name: 'Demo' }), /^cluster\.name: must be a DNS label/],
  ])('for %s', (_what, changes, message) => {
    const refusal = refusalOf(() => render({ role: 'master', ...changes }));
    expect(refusal.causes.join('\n')).toMatch(message);
    expect(refusal.name).toBe('Invalid');
  });

  it('for secrets of which a part is missing', () => {
    expect(() => bootstrap.renderMachine('cluster: {}', { cluster, role: 'worker', name: 'x', uid })).toThrow(/^secrets bundle: /);
  });
});

describe('whatever is rendered', () => {
  const label = fc.stringMatching(/^[a-z]([-a-z0-9]{0,20}[a-z0-9])?$/);
  const address = fc.ipV4();
  const clusters = fc.record<BootstrapCluster>({
    name: label,
    endpoint: fc.tuple(fc.oneof(label, address), fc.integer({ min: 1, max: 65_535 })).map(([host, port]) => `https://${host}:${port}`),
    masterAddresses: fc.uniqueArray(address, { minLength: 1, maxLength: 5 }),
    podSubnets: fc.constantFrom(['10.244.0.0/16'], ['10.0.0.0/14', 'fc00:db8:10::/56']),
    serviceSubnets: fc.constantFrom(['10.96.0.0/12'], ['172.16.0.0/20', 'fc00:db8:20::/112']),
    dnsDomain: label.map((name) => `${name}.local`),
  });
  const versions = fc.constantFrom('v1.10', 'v1.11', 'v1.12', 'v1.13');

  it('is read back by a node of that Talos with the values that went in', async () => {
    const bundles = await Promise.all(
      ['a', 'b', 'c'].map((seed) => createTalosBootstrap({ clock, random: randomFrom(seed), serviceAccountKey: 'ec' }).createSecrets()),
    );
    fc.assert(
      fc.property(
        fc.constantFrom(...bundles),
        clusters,
        versions,
        fc.constantFrom('master', 'worker'),
        fc.uuid(),
        (bundle, made, talosVersion, role, id) => {
          const text = bootstrap.renderMachine(bundle, { cluster: made, role, name: `${made.name}-x`, uid: id, talosVersion });
          const config = parseMachineConfig(text, { talosVersion });
          const said = parse(bundle);
          expect(config).toMatchObject({
            type: role === 'master' ? 'controlplane' : 'worker',
            token: said.trustdinfo.token,
            ca: { certificate: decoded(said.certs.os.crt), key: role === 'master' ? decoded(said.certs.os.key) : undefined },
            nodeAnnotations: { 'plastron.dev/machine-uid': id, 'plastron.dev/machine-name': `${made.name}-x` },
            cluster: {
              id: said.cluster.id,
              secret: said.cluster.secret,
              name: made.name,
              endpoint: made.endpoint,
              token: said.secrets.bootstraptoken,
              ca: { certificate: decoded(said.certs.k8s.crt) },
              network: { dnsDomain: made.dnsDomain, podSubnets: made.podSubnets, serviceSubnets: made.serviceSubnets },
            },
          });
          expect(config.cluster.etcdCa?.certificate).toBe(role === 'master' ? decoded(said.certs.etcd.crt) : undefined);
          expect(config.certSANs).toEqual(expect.arrayContaining([...made.masterAddresses]));
        },
      ),
      { numRuns: 40 },
    );
  });
});
