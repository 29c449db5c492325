import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { stringify } from 'yaml';
import { documentsOf, refusalOf, render } from './rendering.ts';

/** The documents of a worker (or another machine) after these patches. */
const patched = (patches: readonly string[], role: 'master' | 'worker' = 'worker', talosVersion = 'v1.13') =>
  documentsOf(render({ role, patches, talosVersion }));
const main = (...patches: string[]) => patched(patches)[0];

describe('a strategic merge patch', () => {
  it('replaces single values, merges mappings and lets lists grow', () => {
    const { machine } = main('machine: {sysctls: {a: "1", b: "2"}, certSANs: [x.example.com]}', 'machine: {sysctls: {b: "3"}}');
    expect(machine.sysctls).toEqual({ a: '1', b: '3' });
    expect(machine.certSANs).toEqual(['203.0.113.10', '203.0.113.11', 'x.example.com']);
  });

  it('says nothing by an empty text or a zero, but something by false', () => {
    const { machine, cluster } = main(
      'machine: {kubelet: {image: ""}, install: {wipe: false}, features: {kubePrism: {port: 0, enabled: false}}}',
      'cluster: {clusterName: ""}',
    );
    expect(machine.kubelet.image).toMatch(/kubelet:v/);
    expect(machine.features.kubePrism).toEqual({ enabled: false, port: 7445 });
    expect(cluster.clusterName).toBe('demo');
  });

  it('sets even a zero where upstream holds a pointer', () => {
    const [, , kubeSpan] = patched([
      'apiVersion: v1alpha1\nkind: KubeSpanConfig\nmtu: 1400',
      'apiVersion: v1alpha1\nkind: KubeSpanConfig\nmtu: 0',
    ]);
    expect(kubeSpan).toEqual({ apiVersion: 'v1alpha1', kind: 'KubeSpanConfig', mtu: 0 });
  });

  it('replaces the subnets of the cluster and the audit policy whole', () => {
    const policy = 'cluster: {apiServer: {auditPolicy: {apiVersion: audit.k8s.io/v1, kind: Policy, rules: [{level: None}]}}}';
    const [{ cluster }] = patched(['cluster: {network: {podSubnets: [10.1.0.0/16]}}', policy], 'master');
    expect(cluster.network.podSubnets).toEqual(['10.1.0.0/16']);
    expect(cluster.apiServer.auditPolicy.rules).toEqual([{ level: 'None' }]);
  });

  it('meets an admission plugin by its name and an interface by its name or selector', () => {
    const [{ cluster }] = patched(
      [
        'cluster: {apiServer: {admissionControl: [{name: PodSecurity, configuration: {defaults: {enforce: privileged}}}, {name: Other, configuration: {kind: X}}]}}',
      ],
      'master',
    );
    expect(cluster.apiServer.admissionControl.map(({ name }: { name: string }) => name)).toEqual(['PodSecurity', 'Other']);
    expect(cluster.apiServer.admissionControl[0].configuration.defaults).toMatchObject({ audit: 'restricted', enforce: 'privileged' });
    const { machine } = main(
      'machine: {network: {interfaces: [{interface: eth0, dhcp: true, vlans: [{vlanId: 7, mtu: 1400}]}, {deviceSelector: {driver: virtio, busPath: "0*"}}]}}',
      'machine: {network: {interfaces: [{interface: eth0, addresses: [10.0.0.1/8], vlans: [{vlanId: 7, dhcp: true}, {vlanId: 8}]}, {deviceSelector: {busPath: "0*", driver: virtio}, mtu: 9000}]}}',
    );
    expect(machine.network.interfaces).toEqual([
      { interface: 'eth0', addresses: ['10.0.0.1/8'], vlans: [{ dhcp: true, vlanId: 7, mtu: 1400 }, { vlanId: 8 }], dhcp: true },
      { deviceSelector: { busPath: '0*', driver: 'virtio' }, mtu: 9000 },
    ]);
  });

  it('replaces an image verification rule whole', () => {
    const rules = (rule: object) => stringify({ apiVersion: 'v1alpha1', kind: 'ImageVerificationConfig', rules: [rule] });
    const documents = patched([rules({ image: 'a/*', skip: true }), rules({ image: 'a/*', deny: true }), rules({ image: 'b/*' })]);
    expect(documents[2].rules).toEqual([{ image: 'a/*', deny: true }, { image: 'b/*' }]);
  });

  it('replaces arguments of a component by name, with a list from 1.13 on', () => {
    const patches = ['machine: {kubelet: {extraArgs: {v: "2", feature-gates: A=true}}}', 'machine: {kubelet: {extraArgs: {v: [4, 5]}}}'];
    expect(main(...patches).machine.kubelet.extraArgs).toEqual({ 'feature-gates': 'A=true', v: ['4', '5'] });
    expect(refusalOf(() => patched(patches, 'worker', 'v1.12')).causes).toEqual([
      expect.stringMatching(/^patches\[1\]: machine\.kubelet\.extraArgs\.v: must be a single value \(line 1, column \d+\)$/),
    ]);
  });

  it('adds documents that are not there, merges those that are, and tells them by kind and name', () => {
    const volume = (name: string, more: object) => stringify({ apiVersion: 'v1alpha1', kind: 'VolumeConfig', name, ...more });
    const documents = patched([
      `${volume('EPHEMERAL', { provisioning: { minSize: '1GB' } })}---\n${volume('IMAGECACHE', {})}`,
      volume('EPHEMERAL', { provisioning: { maxSize: '2GB' } }),
    ]);
    expect(documents.slice(2)).toEqual([
      { apiVersion: 'v1alpha1', kind: 'VolumeConfig', name: 'EPHEMERAL', provisioning: { minSize: '1GB', maxSize: '2GB' } },
      { apiVersion: 'v1alpha1', kind: 'VolumeConfig', name: 'IMAGECACHE' },
    ]);
  });

  it('gives a machine a hostname of its own', () => {
    const [, hostname] = patched(['apiVersion: v1alpha1\nkind: HostnameConfig\nauto: off\nhostname: demo-master-0']);
    expect(hostname).toEqual({ apiVersion: 'v1alpha1', kind: 'HostnameConfig', auto: 'off', hostname: 'demo-master-0' });
  });

  it('changes nothing when it is empty', () => {
    for (const empty of ['', '# nothing', 'machine: {}', '---\n---\n', 'cluster:\nmachine:\n'])
      expect(render({ patches: [empty] })).toBe(render());
  });

  it('that repeats what is there of single values changes nothing, whatever the order of patches of different fields', () => {
    const sysctl = fc.stringMatching(/^[a-z]{1,6}$/);
    fc.assert(
      fc.property(fc.dictionary(sysctl, fc.stringMatching(/^[0-9]{1,4}$/), { minKeys: 1 }), (sysctls) => {
        const [one, other] = [stringify({ machine: { sysctls } }), 'cluster: {clusterName: other}'];
        expect(render({ patches: [one, other, one] })).toBe(render({ patches: [other, one] }));
      }),
      { numRuns: 20 },
    );
  });
});

describe('$patch: delete', () => {
  it('takes out a section, a key of a map, an element of a list, and a document', () => {
    const documents = patched(
      [
        'cluster: {apiServer: {admissionControl: [{name: PodSecurity, $patch: delete}], auditPolicy: {$patch: delete}}}',
        'machine: {nodeLabels: {node.kubernetes.io/exclude-from-external-load-balancers: {$patch: delete}}}',
        'apiVersion: v1alpha1\nkind: HostnameConfig\n$patch: delete',
      ],
      'master',
    );
    expect(documents).toHaveLength(1);
    expect(documents[0].cluster.apiServer).toMatchObject({ admissionControl: [] });
    expect(documents[0].cluster.apiServer.auditPolicy).toBeUndefined();
    expect(documents[0].machine.nodeLabels).toEqual({});
  });

  it('goes before what the same patch adds', () => {
    const eth0 = 'machine: {network: {interfaces: [{interface: eth0, dhcp: true}]}}';
    const instead = 'machine: {network: {interfaces: [{interface: eth0, $patch: delete}, {interface: eth0, mtu: 9000}]}}';
    expect(main(eth0, instead).machine.network.interfaces).toEqual([{ interface: 'eth0', mtu: 9000 }]);
  });

  it('of a document that is not there says what is true already', () => {
    expect(render({ patches: ['apiVersion: v1alpha1\nkind: KubeSpanConfig\n$patch: delete'] })).toBe(render());
  });

  it.each([
    [
      'a field that is not there',
      'machine: {network: {hostname: {$patch: delete}}}',
      /there is no machine\.network\.hostname in the config/,
    ],
    ['a key that is not there', 'machine: {sysctls: {a: {$patch: delete}}}', /there is no machine\.sysctls\.a in the config/],
    [
      'an element that is not there',
      'machine: {network: {interfaces: [{interface: eth9, $patch: delete}]}}',
      /there is no machine\.network/,
    ],
    [
      'a key inside an element',
      'cluster: {apiServer: {admissionControl: [{name: PodSecurity, configuration: {$patch: delete}}]}}',
      /a key inside a list element cannot be deleted/,
    ],
    ['an element that is not told', 'machine: {network: {interfaces: [{$patch: delete}]}}', /needs a key and value that tell the element/],
    ['the main document', 'machine: {}\n$patch: delete', /the document with machine and cluster cannot be deleted/],
  ])('is refused for %s', (_what, patch, message) => {
    const refusal = refusalOf(() => patched([patch], 'master'));
    expect(refusal.causes).toEqual([expect.stringMatching(message)]);
    expect(refusal.causes[0]).toMatch(/^patches\[0\]/);
  });
});

describe('a patch is refused', () => {
  it.each([
    ['an unknown field', 'machine: {kubelet: {imag: x}}', /^patches\[0\]: machine\.kubelet\.imag: unknown field \(line 1, column 21\)$/],
    ['what is no YAML', 'machine: {token: "sesame', /^patches\[0\]: not YAML: .*\(line 1, column \d+\)$/m],
    [
      'another type in a free format',
      'machine: {kubelet: {extraConfig: {a: [1]}}}',
      /^patches\[1\]: a is a list in the config and a mapping in the patch$/,
    ],
    [
      'what makes the config one that no node takes',
      'cluster: {controlPlane: {endpoint: "demo"}}',
      /^cluster\.controlPlane\.endpoint: must be a URL/,
    ],
    [
      'a JSON patch',
      '[{"op": "remove", "path": "/machine/install"}]',
      /^patches\[0\]: is a JSON patch \(RFC 6902\), which cannot be applied to a config of several documents/,
    ],
  ])('for %s', (_what, patch, message) => {
    const refusal = refusalOf(() => patched([patch, 'machine: {kubelet: {extraConfig: {a: {b: 1}}}}']));
    expect(refusal.causes.join('\n')).toMatch(message);
    expect(refusal.message).not.toMatch(/sesame/);
  });
});

describe('a JSON patch, before Talos 1.12', () => {
  const apply = (operations: readonly object[]) => patched([JSON.stringify(operations)], 'worker', 'v1.11')[0];

  it('adds, removes, replaces, copies, moves and tests', () => {
    const { machine, cluster } = apply([
      { op: 'test', path: '/cluster/clusterName', value: 'demo' },
      { op: 'add', path: '/machine/certSANs/0', value: 'first.example.com' },
      { op: 'add', path: '/machine/certSANs/-', value: 'last.example.com' },
      { op: 'replace', path: '/machine/certSANs/1', value: 'second.example.com' },
      { op: 'remove', path: '/machine/certSANs/2' },
      { op: 'add', path: '/machine/nodeLabels', value: { 'a.b/c': 'x' } },
      { op: 'copy', from: '/machine/nodeLabels/a.b~1c', path: '/machine/nodeLabels/d' },
      { op: 'move', from: '/machine/nodeLabels/d', path: '/machine/nodeLabels/e' },
      { op: 'remove', path: '/cluster/discovery' },
    ]);
    expect(machine.certSANs).toEqual(['first.example.com', 'second.example.com', 'last.example.com']);
    expect(machine.nodeLabels).toEqual({ 'a.b/c': 'x', e: 'x' });
    expect(cluster.discovery).toBeUndefined();
  });

  it.each([
    [
      'a path that is not there',
      [{ op: 'remove', path: '/machine/udev' }],
      /operation 0 \(remove \/machine\/udev\): the config has nothing there/,
    ],
    ['a test that fails', [{ op: 'test', path: '/cluster/clusterName', value: 'x' }], /the config has another value there/],
    ['an operation that is none', [{ op: 'increment', path: '/x' }], /is no JSON patch \(RFC 6902\): look at 0/],
    ['an index beyond the end', [{ op: 'add', path: '/machine/certSANs/9', value: 'x' }], /the config has nothing there/],
    ['a field that Talos does not know', [{ op: 'add', path: '/machine/sesame', value: 1 }], /machine\.sesame: unknown field/],
  ])('is refused for %s', (_what, operations, message) => {
    expect(refusalOf(() => apply(operations)).causes.join('\n')).toMatch(message);
  });
});
