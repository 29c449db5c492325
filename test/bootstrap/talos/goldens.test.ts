import { expect, it } from '@jest/globals';
import { parseAllDocuments } from 'yaml';
import { contractOf } from '../../../shared/bootstrap/talos/contract.ts';
import { encodeDocuments } from '../../../shared/bootstrap/talos/encode.ts';
import { generateDocuments } from '../../../shared/bootstrap/talos/generate.ts';
import { applyPatches } from '../../../shared/bootstrap/talos/patches/apply-patches.ts';
import { readSecrets } from '../../../shared/bootstrap/talos/read-secrets.ts';
import { describeWithReference, readReference } from './reference.ts';

/** JSON keeps the order of keys, so equal texts mean equal values, keys and order. */
const meaning = (text: string): string[] => parseAllDocuments(text).map((document) => JSON.stringify(document.toJS(), null, 1));

interface Variant {
  readonly version: string;
  readonly type: 'controlplane' | 'worker';
  readonly certSANs?: readonly string[];
  readonly dnsDomain?: string;
  readonly patches?: readonly string[];
}

function generate({ version, type, certSANs = [], dnsDomain = 'cluster.local', patches = [] }: Variant): string {
  const contract = contractOf(version);
  const documents = generateDocuments(readSecrets(readReference('secrets.yaml')), {
    contract,
    type,
    clusterName: 'base',
    endpoint: 'https://base:6443',
    kubernetesVersion: '1.28.0',
    certSANs,
    nodeAnnotations: {},
    network: { dnsDomain, podSubnets: ['10.244.0.0/16'], serviceSubnets: ['10.96.0.0/12'] },
  });
  return encodeDocuments(applyPatches(documents, patches, contract), contract.minor);
}

/** What upstream's generator was told to override beyond what ours is asked for by its caller, said as patches. */
const everyMachine = `
machine:
  install: {disk: /dev/vda, extraKernelArgs: [foo=bar, bar=baz]}
  sysctls: {foo: bar}
cluster:
  network:
    cni: {name: custom, urls: ['https://example.com/cni.yaml']}
---
apiVersion: v1alpha1
kind: RegistryMirrorConfig
name: ghcr.io
endpoints: [{url: 'https://ghcr.io.my-mirror.com'}]
`;
const controlPlane = 'cluster: {controlPlane: {localAPIServerPort: 5443}, allowSchedulingOnControlPlanes: true}';

describeWithReference('the generator', () => {
  for (const version of ['v1.11', 'v1.13']) {
    for (const type of ['controlplane', 'worker'] as const) {
      it(`writes what Talos ${version} writes for a ${type}, to the order of its keys`, () => {
        expect(meaning(generate({ version, type }))).toEqual(meaning(readReference(`${version}/base-${type}.yaml`)));
      });
    }
  }

  for (const type of ['controlplane', 'worker'] as const) {
    it(`writes what Talos v1.13 writes for a ${type} with every override, to the order of its keys`, () => {
      const patches = [everyMachine, ...(type === 'controlplane' ? [controlPlane] : []), readReference('patch-pre14.yaml')];
      const text = generate({ version: 'v1.13', type, certSANs: ['foo', 'bar'], dnsDomain: 'example.com', patches });
      expect(meaning(text)).toEqual(meaning(readReference(`v1.13/overrides-${type}.yaml`)));
    });
  }

  it('writes 1.10 as 1.11, and 1.12 as 1.13 with the network section that 1.13 dropped', () => {
    const type = 'controlplane';
    expect(generate({ version: 'v1.10', type })).toBe(generate({ version: 'v1.11', type }));
    const network = '    network: {}\n';
    const twelve = generate({ version: 'v1.12', type });
    expect(twelve).toContain(network);
    expect(twelve.replace(network, '')).toBe(generate({ version: 'v1.13', type }));
  });
});
