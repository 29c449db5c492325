import { chmodSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { localKeyRing } from '../../infra/local/dynamodb/key-file.ts';

describe('the key file', () => {
  let directory: string;
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'plastron-keys-'));
  });
  afterEach(() => rmSync(directory, { recursive: true }));

  it('is made once, for its owner only, and gives the same key ever after', async () => {
    const path = join(directory, 'below', 'keys.json');
    const made = await localKeyRing(path).current();
    expect(made.bytes.length).toBe(32);
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(await localKeyRing(path).current()).toEqual(made);
    expect(await localKeyRing(path).byId(made.id)).toEqual(made);
    expect(await localKeyRing(path).byId('another')).toBeUndefined();
  });

  it('is refused when others may read it, with the command that helps', () => {
    const path = join(directory, 'keys.json');
    localKeyRing(path);
    chmodSync(path, 0o644);
    expect(() => localKeyRing(path)).toThrow(`chmod 600 ${path}`);
  });

  it.each(['', '{}', '{"current":"a","keys":{"a":"c2hvcnQ="}}'])(
    'is refused when it holds %s, without showing what it holds',
    (content) => {
      const path = join(directory, 'keys.json');
      writeFileSync(path, content, { mode: 0o600 });
      expect(() => localKeyRing(path)).toThrow(/is no key file/);
      expect(readFileSync(path, 'utf8')).toBe(content);
    },
  );

  it('is refused when its current key is missing', () => {
    const path = join(directory, 'keys.json');
    writeFileSync(path, '{"current":"b","keys":{}}', { mode: 0o600 });
    expect(() => localKeyRing(path)).toThrow('key "b"');
  });
});
