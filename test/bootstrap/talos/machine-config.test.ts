import { describe, expect, it } from '@jest/globals';
import { parseMachineConfig } from '../../../shared/bootstrap/talos/machine-config.ts';
import { broken, refusalOf, render } from './rendering.ts';

const [master, worker] = [render({ role: 'master' }), render({ role: 'worker' })];

describe('a node', () => {
  it('reads from a control plane config what it needs to run one', () => {
    const config = parseMachineConfig(master);
    expect(config).toMatchObject({
      type: 'controlplane',
      kubelet: { image: 'ghcr.io/siderolabs/kubelet:v1.36.3', version: '1.36.3' },
      nodeLabels: { 'node.kubernetes.io/exclude-from-external-load-balancers': '' },
      hostname: undefined,
      cluster: { localApiServerPort: 6443, allowSchedulingOnControlPlanes: false },
    });
    expect(config.ca.key).toContain('ED25519 PRIVATE KEY');
    expect(config.cluster.ca?.key).toContain('EC PRIVATE KEY');
    expect(config.cluster.aggregatorCa?.certificate).toContain('BEGIN CERTIFICATE');
    expect(config.cluster.serviceAccountKey).toContain('PRIVATE KEY');
    expect(config.documents.map(({ kind }) => kind)).toEqual(['', 'HostnameConfig']);
  });

  it('takes its hostname, port and accepted authorities from where they are written', () => {
    const text = broken(worker, (main, hostname) => {
      main.machine.acceptedCAs = [{ crt: main.machine.ca.crt }];
      delete main.machine.ca;
      main.cluster.controlPlane.localAPIServerPort = 5443;
      Object.assign(hostname, { auto: 'off', hostname: 'ip-172-31-36-224' });
    });
    const config = parseMachineConfig(text);
    expect(config).toMatchObject({ hostname: 'ip-172-31-36-224', cluster: { localApiServerPort: 5443 }, ca: { key: undefined } });
    expect(config.ca.certificate).toBe(parseMachineConfig(worker).ca.certificate);
  });

  it('skips empty documents', () => {
    expect(parseMachineConfig(`---\n---\n${worker}\n---\n# nothing\n`)).toEqual(parseMachineConfig(worker));
  });

  it('keeps a token of digits to its last zero, and reads octal and YAML 1.1 words where a number or a boolean belongs', () => {
    const text = worker
      .replace(/^ {4}token: .*/m, '    token: 012345.0123456789012340')
      .replace('wipe: false', 'wipe: no')
      .replace('    install:', '    files: [{path: /var/x, permissions: 0644, content: "1"}]\n    install:');
    const config = parseMachineConfig(text);
    expect(config.token).toBe('012345.0123456789012340');
    expect(config.documents[0]?.value).toMatchObject({ machine: { install: { wipe: false }, files: [{ permissions: 420 }] } });
  });
});

describe('a node refuses', () => {
  it.each([
    ['an indentation that does not fit', 'machine:\n    type: worker\n  token: sesame\n', /line 3, column/],
    ['a text that is never closed', 'machine:\n  token: "sesame\n', /line \d+, column/],
    ['a key that is there twice', 'machine:\n  token: sesame\n  token: sesame\n', /line 3, column 3/],
    ['a document that is no mapping', '- sesame\n', /a document must be a mapping of fields \(line 1, column 1\)/],
    ['a list where a mapping belongs', 'machine: [sesame]\ncluster: {}\n', /machine: must be a mapping of fields \(line 1, column 10\)/],
    ['a text where a boolean belongs', 'debug: sesame\n', /debug: must be true or false \(line 1, column 8\)/],
    [
      'a text where a number belongs',
      'cluster: {controlPlane: {localAPIServerPort: sesame}}\n',
      /localAPIServerPort: must be a whole number/,
    ],
    [
      'a kind that it does not know',
      'apiVersion: v1alpha1\nkind: SesameConfig\n',
      /SesameConfig: Talos 1\.13 knows no document of this kind/,
    ],
    ['a document that does not say what it is', 'name: sesame\n', /kind: missing/],
    ['a document of another version', 'apiVersion: v2\nkind: HostnameConfig\n', /HostnameConfig\.apiVersion: must be v1alpha1/],
  ])('%s, by line and column and without quoting a value', (_what, text, message) => {
    const refusal = refusalOf(() => parseMachineConfig(text));
    expect(refusal.causes.join('\n')).toMatch(message);
    expect(refusal.name).toBe('Invalid');
    expect(refusal.message).not.toMatch(/sesame/);
  });

  it('a document that is there twice', () => {
    expect(refusalOf(() => parseMachineConfig(`${worker}---\napiVersion: v1alpha1\nkind: HostnameConfig\nauto: stable\n`)).causes).toEqual([
      'HostnameConfig: is there twice',
    ]);
  });

  it('a shared address document on a worker, but not on a master', () => {
    const shared = '---\napiVersion: v1alpha1\nkind: Layer2VIPConfig\nname: 10.0.0.9\nlink: eth0\n';
    expect(refusalOf(() => parseMachineConfig(worker + shared)).causes).toEqual([
      'Layer2VIPConfig/10.0.0.9: a shared address is for control-plane machines only',
    ]);
    expect(() => parseMachineConfig(master + shared)).not.toThrow();
  });

  it('what is newer than itself, and takes what is older', () => {
    expect(refusalOf(() => parseMachineConfig(worker, { talosVersion: 'v1.11' })).causes).toEqual([
      expect.stringMatching(
        /^machine\.install\.grubUseUKICmdline: Talos 1\.11 does not know this field, 1\.12 does \(line \d+, column 9\)$/,
      ),
      expect.stringMatching(/^HostnameConfig: Talos 1\.11 knows no document of this kind/),
    ]);
    const older = render({ talosVersion: 'v1.12', kubernetesVersion: '1.35.0' });
    expect(() => parseMachineConfig(older, { talosVersion: 'v1.13' })).not.toThrow();
  });

  it('everything that is wrong at once', () => {
    const text = broken(worker, (m) => {
      m.persist = false;
      delete m.machine.token;
      m.cluster.network.dnsDomain = '';
      m.cluster.network.podSubnets = ['x'];
    });
    expect(refusalOf(() => parseMachineConfig(text)).causes).toHaveLength(3);
  });
});
