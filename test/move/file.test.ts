import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { destination, readPassphrase, readSource } from '../../infra/move/file/disk.ts';
import { decode, encode } from '../../infra/move/file/format.ts';
import { lock, unlock } from '../../infra/move/file/lock.ts';
import type { Kept } from '../../infra/move/place.ts';
import { cluster } from '../../shared/kinds/cluster/kind.ts';
import { secret } from '../../shared/kinds/core/secret.ts';
import { seededRandom } from '../clock.ts';
import { aCluster, credentialsOf } from '../plane/objects.ts';

const about = { plane: 'the plane in .plastron', exportedAt: '2019-07-26T00:00:00Z' };
const living = <T extends Kept['object']>(object: T, uid: string): T => ({ ...object, metadata: { ...object.metadata, uid } });
const some: readonly Kept[] = [
  { kind: secret, object: living(credentialsOf('east', 'canary'), 'uid-1') },
  { kind: cluster, object: living(aCluster('c'), 'uid-2') },
];
const random = seededRandom(1);

/** An export whose lines are these. */
const exportOf = (...lines: object[]): Buffer => {
  const objects = lines.map((object) => ({ kind: cluster, object: object as Kept['object'] }));
  return encode(objects, about).bytes;
};

describe('the file of an export', () => {
  it('is one line about it and one for each object, without its version', () => {
    const [kept] = some;
    const versioned = { ...kept!, object: { ...kept!.object, metadata: { ...kept!.object.metadata, resourceVersion: '7' } } };
    const { bytes, header } = encode([versioned, some[1]!], about);
    const [first, ...lines] = bytes.toString().trimEnd().split('\n');
    expect(JSON.parse(first!)).toEqual(header);
    expect(header).toMatchObject({ plastron: 'export', format: 1, ...about, counts: { Secret: 1, Cluster: 1 } });
    expect(lines.map((line) => JSON.parse(line))).toEqual(some.map(({ object }) => object));
  });

  it('gives back what was put in, whatever stands in it', () => {
    const content = fc.record({ data: fc.dictionary(fc.string(), fc.string({ unit: 'binary' })), status: fc.jsonValue({ maxDepth: 2 }) });
    fc.assert(
      fc.property(fc.array(content, { maxLength: 4 }), (contents) => {
        const objects = contents.map((more, i) => ({
          kind: secret,
          object: { ...living(some[0]!.object, `uid-${i}`), ...more },
        }));
        const plain = JSON.parse(JSON.stringify(objects.map(({ object }) => object)));
        expect(decode(encode(objects, about).bytes).objects.map(({ object }) => object)).toEqual(plain);
      }),
      { numRuns: 30 },
    );
  });

  it('is refused when it is cut short anywhere, or a byte is another', () => {
    const { bytes } = encode(some, about);
    fc.assert(
      fc.property(fc.nat({ max: bytes.length - 1 }), fc.integer({ min: 1, max: 255 }), (at, by) => {
        expect(() => decode(bytes.subarray(0, at))).toThrow(/^(this is no export|the export is not whole)/);
        const changed = Buffer.from(bytes);
        changed[at] = changed[at]! ^ by;
        if (at > bytes.indexOf(10)) expect(() => decode(changed)).toThrow('its checksum is another');
      }),
    );
  });

  it.each<[string, object, RegExp]>([
    [
      'a kind that is not known',
      { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'p', uid: 'u' } },
      /has a Pod of v1, which this version/,
    ],
    ['no uid', { apiVersion: 'v1', kind: 'Secret', metadata: { name: 's', namespace: 'n' } }, /line 2 of the export is no object with/],
    ['no namespace', { apiVersion: 'v1', kind: 'Secret', metadata: { name: 's', uid: 'u' } }, /line 2 .*Secret s, is in no namespace/],
  ])('is refused when an object has %s', (_, object, message) => {
    expect(() => decode(exportOf(object))).toThrow(message);
  });
});

describe('an export under a passphrase', () => {
  const { bytes } = encode(some, about);
  let locked: Buffer;
  beforeAll(async () => {
    locked = await lock(bytes, 'correct horse', random);
  });

  it('opens with it, and shows nothing without', async () => {
    expect(await unlock(locked, 'correct horse')).toEqual(bytes);
    for (const text of ['canary', Buffer.from('canary').toString('base64'), 'uid-1', 'Cluster']) expect(locked.includes(text)).toBe(false);
  });

  it.each<[string, (file: Buffer) => Buffer, string | undefined, RegExp]>([
    ['with another passphrase', (file) => file, 'wrong horse', /the passphrase is another, or the file/],
    ['with none', (file) => file, undefined, /is encrypted: give its passphrase \(--passphrase-file\)/],
    ['when it is cut short', (file) => file.subarray(0, -1), 'correct horse', /the passphrase is another, or the file is not whole/],
    ['when little is left of it', (file) => file.subarray(0, file.indexOf(10) + 5), 'correct horse', /is not whole/],
    [
      'when its first line was changed',
      (file) => Buffer.from(file.toString('latin1').replace('locked', 'l\\u006fcked'), 'latin1'),
      'correct horse',
      /not whole or was changed/,
    ],
  ])('does not open %s', async (_, change, passphrase, message) => {
    await expect(unlock(change(locked), passphrase)).rejects.toThrow(message);
  });

  it('that is none is read as it is', async () => {
    expect(await unlock(bytes, 'unneeded')).toBe(bytes);
  });
});

describe('on disk', () => {
  const directory = mkdtempSync(join(tmpdir(), 'plastron-move-'));
  afterAll(() => rmSync(directory, { recursive: true }));
  const stdout = (isTTY: boolean) => ({ stdout: { isTTY } as NodeJS.Process['stdout'] });

  it('is whole, for its owner alone, and leaves nothing beside it', async () => {
    const path = join(directory, 'plane.jsonl');
    await destination(path, process).write(Buffer.from('x'));
    expect([readFileSync(path, 'utf8'), (statSync(path).mode & 0o777).toString(8)]).toEqual(['x', '600']);
    expect(readdirSync(directory)).toEqual(['plane.jsonl']);
  });

  it('is not written over what is there, also when that came meanwhile', async () => {
    const path = join(directory, 'late.jsonl');
    const to = destination(path, process);
    writeFileSync(path, 'mine');
    await expect(to.write(Buffer.from('x'))).rejects.toThrow(/late.jsonl is there already/);
    expect(() => destination(path, process)).toThrow(/late.jsonl is there already, and no export is written over/);
    expect(readFileSync(path, 'utf8')).toBe('mine');
  });

  it('keys do not go onto a terminal', () => {
    expect(() => destination('-', stdout(true))).toThrow('do not belong on a terminal');
    expect(destination('-', stdout(false)).describe).toBe('standard output');
  });

  it('a passphrase is the first line of a file', async () => {
    const path = join(directory, 'passphrase');
    writeFileSync(path, 'correct horse \r\nmore\n');
    expect(await readPassphrase(path)).toBe('correct horse ');
    writeFileSync(path, '\n');
    await expect(readPassphrase(path)).rejects.toThrow(/the first line of .*passphrase is empty/);
    await expect(readPassphrase(join(directory, 'none'))).rejects.toThrow(/the passphrase cannot be read: .*ENOENT/);
    await expect(readSource(join(directory, 'none'), process)).rejects.toThrow(/none cannot be read: .*ENOENT/);
  });
});
