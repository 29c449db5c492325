import { X509Certificate } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { parse, stringify } from 'yaml';
import { readTalosKey } from '../../../shared/bootstrap/talos/pem.ts';
import { readSecrets } from '../../../shared/bootstrap/talos/read-secrets.ts';
import { createSecretsText } from '../../../shared/bootstrap/talos/secrets.ts';
import { clock, randomFrom } from '../ports.ts';
import { describeWithReference, readReference } from './reference.ts';
import { refusalOf, secrets } from './rendering.ts';

const decoded = (base64: string): string => Buffer.from(base64, 'base64').toString();

describe('the secrets of a cluster', () => {
  it('have the subjects and key types that Talos gives them', () => {
    const { certs } = readSecrets(secrets);
    const described = Object.entries({ etcd: certs.etcd, k8s: certs.k8s, k8saggregator: certs.k8saggregator, os: certs.os }).map(
      ([name, { crt, key }]) => [
        name,
        new X509Certificate(decoded(crt)).subject ?? '',
        /BEGIN (.*)-----\n/.exec(decoded(key))?.[1],
        readTalosKey(decoded(key)).asymmetricKeyType,
      ],
    );
    expect(described).toEqual([
      ['etcd', 'O=etcd', 'EC PRIVATE KEY', 'ec'],
      ['k8s', 'O=kubernetes', 'EC PRIVATE KEY', 'ec'],
      ['k8saggregator', '', 'EC PRIVATE KEY', 'ec'],
      ['os', 'O=talos', 'ED25519 PRIVATE KEY', 'ed25519'],
    ]);
  });

  it.each([
    ['rsa2048', 'RSA PRIVATE KEY', 2048],
    ['ec', 'EC PRIVATE KEY', undefined],
  ] as const)('sign service account tokens with %s when asked to', async (serviceAccountKey, label, modulusLength) => {
    const text = await createSecretsText({ clock, random: randomFrom('service account') }, serviceAccountKey);
    const pem = decoded(readSecrets(text).certs.k8sserviceaccount.key);
    expect(pem).toContain(`BEGIN ${label}`);
    expect(readTalosKey(pem).asymmetricKeyDetails?.modulusLength).toBe(modulusLength);
  });

  it('draw tokens of kubeadm form and 32-byte secrets, each another, from any randomness', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string(), async (seed) => {
        const { cluster, secrets: inner, trustdinfo } = readSecrets(await createSecretsText({ clock, random: randomFrom(seed) }, 'ec'));
        for (const token of [inner.bootstraptoken, trustdinfo.token]) expect(token).toMatch(/^[0-9a-z]{6}\.[0-9a-z]{16}$/);
        expect(cluster.id).toMatch(/^[A-Za-z0-9_-]{43}=$/);
        for (const secret of [cluster.secret, inner.secretboxencryptionsecret!]) expect(Buffer.from(secret, 'base64')).toHaveLength(32);
        expect(new Set([inner.bootstraptoken, trustdinfo.token, cluster.secret, inner.secretboxencryptionsecret]).size).toBe(4);
      }),
      { numRuns: 10 },
    );
  });

  it('take every character of a token equally often', async () => {
    const counts = new Map<string, number>();
    // Each seed gives two tokens of 22 characters; 60 of them make 2640, so 73 of each on average.
    for (let i = 0; i < 60; i++) {
      const read = readSecrets(await createSecretsText({ clock, random: randomFrom(`even ${i}`) }, 'ec'));
      const characters = (read.secrets.bootstraptoken + read.trustdinfo.token).replaceAll('.', '');
      for (const character of characters) counts.set(character, (counts.get(character) ?? 0) + 1);
    }
    expect(counts.size).toBe(36);
    expect(Math.min(...counts.values())).toBeGreaterThan(36);
    expect(Math.max(...counts.values())).toBeLessThan(120);
  });
});

describe('reading a secrets bundle', () => {
  // biome-ignore lint/suspicious/noExplicitAny: the bundle is broken on purpose.
  type Break = (bundle: any) => unknown;
  const cases: [string, Break, string][] = [
    ['a missing section', (b) => delete b.certs, 'certs: must be a mapping'],
    ['a missing token', (b) => delete b.trustdinfo.token, 'trustdinfo.token: must be a token'],
    [
      'a token of another form',
      (b) => (b.secrets.bootstraptoken = 'sesame'),
      'secrets.bootstraptoken: must be six and sixteen of 0-9 and a-z, with a dot between',
    ],
    ['an empty cluster id', (b) => (b.cluster.id = ''), 'cluster.id: must be the id of the cluster'],
    ['a certificate that is none', (b) => (b.certs.os.crt = 'c2VzYW1l'), 'certs.os: crt is no certificate that can be read'],
    ['a key that is none', (b) => (b.certs.etcd.key = 'c2VzYW1l'), 'certs.etcd: key is no private key that can be read'],
    ['a key of another certificate', (b) => (b.certs.k8s.key = b.certs.etcd.key), 'certs.k8s: key does not belong to crt'],
    [
      'a service account key that is none',
      (b) => (b.certs.k8sserviceaccount.key = 'sesame'),
      'certs.k8sserviceaccount.key: is no private key that can be read',
    ],
    [
      'no encryption secret',
      (b) => delete b.secrets.secretboxencryptionsecret,
      'secrets: needs exactly one of secretboxencryptionsecret and aescbcencryptionsecret',
    ],
    [
      'two encryption secrets',
      (b) => (b.secrets.aescbcencryptionsecret = 'sesame'),
      'secrets: needs exactly one of secretboxencryptionsecret and aescbcencryptionsecret',
    ],
  ];
  it.each(cases)('refuses %s, by its field and without quoting it', (_what, breakIt, cause) => {
    const bundle = parse(secrets);
    breakIt(bundle);
    const refusal = refusalOf(() => readSecrets(stringify(bundle)));
    expect(refusal.causes).toEqual([cause]);
    expect(refusal.name).toBe('Invalid');
    expect(refusal.message).not.toMatch(/sesame|c2VzYW1l/);
  });

  it('refuses what is no YAML without quoting it', () => {
    const refusal = refusalOf(() => readSecrets('cluster: {id: "sesame\nsecret: [opens'));
    expect(refusal).toMatchObject({ causes: [': is not YAML'], name: 'Invalid' });
    expect(refusal.message).not.toMatch(/sesame|opens/);
  });

  it('keeps a token that looks like a number to its last digit', () => {
    const digits = '012345.0123456789012340';
    const bundle = secrets.replace(/bootstraptoken: .*/, `bootstraptoken: ${digits}`);
    expect(readSecrets(bundle).secrets.bootstraptoken).toBe(digits);
  });
});

describeWithReference('a secrets bundle of Talos itself', () => {
  it('is read as it is', () => {
    expect(readSecrets(readReference('secrets.yaml'))).toEqual(parse(readReference('secrets.yaml')));
  });
});
