import { describe, expect, it } from '@jest/globals';
import { parse } from 'yaml';
import { parseMachineConfig } from '../../../shared/bootstrap/talos/machine-config.ts';
import { type Break, broken, refusalOf, render, secrets } from './rendering.ts';

const [master, worker] = [render({ role: 'master' }), render({ role: 'worker' })];

describe('a node refuses', () => {
  const cases: [string, string, Break, string][] = [
    ['an unknown field', worker, (m) => (m.machine.kubelet.imag = 'x'), 'machine.kubelet.imag: unknown field'],
    ['no machine', worker, (m) => delete m.machine, 'machine: is required'],
    ['no cluster', worker, (m) => delete m.cluster, 'cluster: is required'],
    ['a type that is none', worker, (m) => (m.machine.type = 'master'), 'machine.type: must be controlplane or worker'],
    ['no token', worker, (m) => delete m.machine.token, 'machine.token: is required'],
    ['persist: false', worker, (m) => (m.persist = false), 'persist: must be true'],
    ['no endpoint', worker, (m) => delete m.cluster.controlPlane, 'cluster.controlPlane.endpoint: is required'],
    [
      'an endpoint without scheme',
      worker,
      (m) => (m.cluster.controlPlane.endpoint = 'demo:6443'),
      'cluster.controlPlane.endpoint: must be a URL',
    ],
    ['no authority', worker, (m) => delete m.machine.ca, 'machine.ca.crt: is required'],
    [
      'an authority that is no base64',
      worker,
      (m) => (m.machine.ca.crt = 'sesame!'),
      'machine.ca.crt: must be the base64 of a certificate',
    ],
    [
      'an authority that is no certificate',
      worker,
      (m) => (m.machine.ca.crt = 'c2VzYW1l'),
      'machine.ca.crt: must be the base64 of a certificate',
    ],
    ['a key on a worker', worker, (m) => (m.machine.ca.key = parse(secrets).certs.os.key), 'machine.ca.key: must be empty on workers'],
    [
      'a key of the cluster on a worker',
      worker,
      (m) => (m.cluster.ca.key = parse(secrets).certs.k8s.key),
      'cluster.ca.key: must be empty on workers',
    ],
    ['no key on a master', master, (m) => (m.machine.ca.key = ''), 'machine.ca.key: is required on control-plane machines'],
    [
      'a key of another authority',
      master,
      (m) => (m.machine.ca.key = m.cluster.ca.key),
      'machine.ca.key: does not belong to the certificate',
    ],
    [
      'an etcd authority that is none',
      master,
      (m) => (m.cluster.etcd.ca.crt = 'c2VzYW1l'),
      'cluster.etcd.ca.crt: must be the base64 of a certificate',
    ],
    ['etcd without an authority', master, (m) => delete m.cluster.etcd.ca, 'cluster.etcd.ca: is required'],
    ['etcd on a worker', worker, (m) => (m.cluster.etcd = {}), 'cluster.etcd: is for control-plane machines only'],
    [
      'two ways to choose the subnet of etcd',
      master,
      (m) => Object.assign(m.cluster.etcd, { subnet: '10.0.0.0/8', advertisedSubnets: ['10.0.0.0/8'] }),
      'cluster.etcd.subnet: excludes advertisedSubnets',
    ],
    [
      'a service account key that is none',
      master,
      (m) => (m.cluster.serviceAccount.key = 'c2VzYW1l'),
      'cluster.serviceAccount.key: must be the base64 of a private key',
    ],
    [
      'a subnet that is none',
      worker,
      (m) => (m.cluster.network.podSubnets = ['10.244.0.0/33']),
      'cluster.network.podSubnets[0]: must be a subnet',
    ],
    [
      'a CNI that it does not know',
      master,
      (m) => (m.cluster.network.cni = { name: 'sesame' }),
      'cluster.network.cni.name: must be flannel, custom or none',
    ],
    [
      'manifests of a CNI that has its own',
      master,
      (m) => (m.cluster.network.cni = { name: 'flannel', urls: ['https://example.com'] }),
      'cluster.network.cni.urls: goes with name: custom only',
    ],
    [
      'a Kubernetes that it does not run',
      worker,
      (m) => (m.machine.kubelet.image = 'ghcr.io/siderolabs/kubelet:v1.28.0'),
      'machine.kubelet.image: Kubernetes 1.28.0 does not run on Talos 1.13',
    ],
    [
      'an image that says no version',
      master,
      (m) => (m.cluster.apiServer.image = 'example.com/kube-apiserver'),
      'cluster.apiServer.image: must have a tag',
    ],
    [
      'a kubelet setting that is its own',
      worker,
      (m) => (m.machine.kubelet.extraConfig = { port: 1 }),
      'machine.kubelet.extraConfig.port: is set by Talos',
    ],
    ['a label that is none', worker, (m) => (m.machine.nodeLabels = { 'a b': '' }), 'machine.nodeLabels.a b: must be a qualified name'],
    [
      'an annotation that is its own',
      worker,
      (m) => (m.machine.nodeAnnotations = { 'talos.dev/owned-labels': '[]' }),
      'machine.nodeAnnotations.talos.dev/owned-labels: is kept by Talos',
    ],
    [
      'a taint without effect',
      worker,
      (m) => (m.machine.nodeTaints = { gpu: 'yes:' }),
      'machine.nodeTaints.gpu: must be an effect, or value:effect',
    ],
    [
      'DNS forwarded to a host that serves none',
      worker,
      (m) => (m.machine.features.hostDNS.enabled = false),
      'machine.features.hostDNS.forwardKubeDNSToHost: needs hostDNS.enabled: true',
    ],
    [
      'access for pods from a worker',
      worker,
      (m) => (m.machine.features.kubernetesTalosAPIAccess = { enabled: true }),
      'machine.features.kubernetesTalosAPIAccess: is for control-plane machines only',
    ],
    [
      'a shared address on a worker',
      worker,
      (m) => (m.machine.network = { interfaces: [{ interface: 'eth0', vip: { ip: '10.0.0.1' } }] }),
      'machine.network.interfaces[0].vip: a shared address is for control-plane machines only',
    ],
    [
      'an interface that is not told',
      worker,
      (m) => (m.machine.network = { interfaces: [{ dhcp: true }] }),
      'machine.network.interfaces[0]: needs either interface or deviceSelector',
    ],
    [
      'two hostnames',
      worker,
      (m) => (m.machine.network = { hostname: 'x' }),
      'machine.network.hostname: excludes the document HostnameConfig',
    ],
    ['a hostname that is both found and given', worker, (_m, h) => (h.hostname = 'x'), 'HostnameConfig.hostname: excludes auto: stable'],
    [
      'a hostname that is too long',
      worker,
      (_m, h) => Object.assign(h, { auto: 'off', hostname: 'x'.repeat(64) }),
      'HostnameConfig.hostname: must be at most 253 characters',
    ],
    ['a hostname document that says nothing', worker, (_m, h) => delete h.auto, 'HostnameConfig: needs auto: stable, or a hostname'],
    ['discovery without the id of the cluster', worker, (m) => delete m.cluster.id, 'cluster.id: is required for discovery'],
    [
      'two inline manifests of one name',
      master,
      (m) => (m.cluster.inlineManifests = [{ name: 'a' }, { name: 'a' }]),
      'cluster.inlineManifests[1].name: is there twice',
    ],
    [
      'manifests of a cloud provider that is off',
      master,
      (m) => (m.cluster.externalCloudProvider = { manifests: ['https://example.com'] }),
      'cluster.externalCloudProvider.manifests: needs enabled: true',
    ],
    [
      'two ways to authorize',
      master,
      (m) =>
        Object.assign(m.cluster.apiServer, {
          authorizationConfig: [{ type: 'RBAC', name: 'r' }],
          extraArgs: { 'authorization-mode': 'RBAC' },
        }),
      'cluster.apiServer.extraArgs.authorization-mode: excludes authorizationConfig',
    ],
    [
      'a disk partition that takes all before the last',
      worker,
      (m) => (m.machine.disks = [{ device: '/dev/sdb', partitions: [{ size: '0' }, {}] }]),
      'machine.disks[0].partitions[0].size: is required',
    ],
    [
      'encryption without a key',
      worker,
      (m) => (m.machine.systemDiskEncryption = { state: { provider: 'luks2' } }),
      'machine.systemDiskEncryption.state.keys: needs at least one key',
    ],
    [
      'two encryption keys in one slot',
      worker,
      (m) =>
        (m.machine.systemDiskEncryption = {
          state: {
            keys: [
              { nodeID: {}, slot: 0 },
              { nodeID: {}, slot: 0 },
            ],
          },
        }),
      'machine.systemDiskEncryption.state.keys[1].slot: is in use already',
    ],
    [
      'KubeSpan below the smallest MTU',
      worker,
      (m) => (m.machine.network = { kubespan: { enabled: true, mtu: 1279 } }),
      'machine.network.kubespan.mtu: must be at least 1280',
    ],
  ];
  it.each(cases)('%s', (_what, text, breakIt, cause) => {
    const refusal = refusalOf(() => parseMachineConfig(broken(text, breakIt)));
    expect(refusal.causes).toEqual([expect.stringContaining(cause)]);
    expect(refusal.name).toBe('Invalid');
    expect(refusal.message).not.toMatch(/sesame|c2VzYW1l/);
  });
});
