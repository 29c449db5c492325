import { gzipSync } from 'node:zlib';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { bootFrom } from '../../../infra/local/nodes/boot.ts';
import { newCluster, type TestCluster } from './fixture.ts';

describe('a machine that reads its user data', () => {
  let cluster: TestCluster;
  beforeAll(async () => {
    cluster = await newCluster();
  });

  it('runs as what its config says', () => {
    expect(bootFrom(cluster.master(0).userData, 'v1.13.9')).toMatchObject({ stage: 'running', config: { type: 'controlplane' } });
    expect(bootFrom(cluster.worker('w').userData, 'v1.13.9')).toMatchObject({ stage: 'running', config: { type: 'worker' } });
  });

  it('unpacks what was gzipped for a cloud with a small limit', () => {
    const packed = gzipSync(cluster.worker('w').userData).toString('latin1');
    expect(bootFrom(packed, 'v1.13.9')).toMatchObject({ stage: 'running', config: { type: 'worker' } });
  });

  it('waits in maintenance mode when it was given nothing', () => {
    expect(bootFrom('\n', 'v1.13.9').stage).toBe('maintenance');
  });

  const refused: [string, (text: string) => string, RegExp][] = [
    ['YAML that is broken', () => 'machine: [', /line 1/],
    ['what is no machine config', () => '#cloud-config\nhostname: a\n', /kind: missing/],
    ['a config without an endpoint', (text) => text.replace(/endpoint: .*/, 'endpoint: ""'), /endpoint/],
    ['a master without the key of its authority', (text) => text.replace(/(machine:[\s\S]*?ca:[\s\S]*?key: ).*/, '$1""'), /ca/],
    ['a key that it does not know', (text) => text.replace('certSANs:', 'certSams:'), /certSams/],
    ['gzip that was cut short', (text) => gzipSync(text).subarray(0, 900).toString('latin1'), /unexpected end/],
  ];
  it.each(refused)('refuses %s, and says why', (_, spoil, why) => {
    const boot = bootFrom(spoil(cluster.master(0).userData), 'v1.13.9');
    expect(boot).toEqual({ stage: 'error loop', says: expect.stringMatching(why) });
  });

  it('never says a secret', () => {
    const { userData } = cluster.master(0);
    const keys = [...userData.matchAll(/(?:key|token|secret): (\S{12,})/g)].map(([, secret]) => secret!);
    expect(keys.length).toBeGreaterThan(4);
    for (const broken of [
      userData.replace(/endpoint: .*/, 'endpoint: ""'),
      `${userData}\n  bad:\n indent`,
      userData.replaceAll('key:', 'kee:'),
    ]) {
      const said = JSON.stringify(bootFrom(broken, 'v1.13.9'));
      for (const key of keys) expect(said).not.toContain(key);
    }
  });
});
