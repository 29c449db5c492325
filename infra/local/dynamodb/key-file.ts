import { randomBytes } from 'node:crypto';
import { linkSync, mkdirSync, readFileSync, statSync, unlinkSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import * as z from 'zod';
import type { Key, KeyRing } from '../../../shared/store/seal.ts';

const keyLength = 32;
const file = z.object({
  current: z.string(),
  keys: z.record(
    z.string(),
    z.base64().refine((key) => Buffer.from(key, 'base64').length === keyLength),
  ),
});

/**
 * The keys under which this machine's secrets are sealed, from a JSON file that only its owner may read; a new one if there is
 * none. To rotate: add a key, make it `current`, keep the old ones. Throws if others may read the file, or it holds no keys.
 */
export function localKeyRing(path: string): KeyRing {
  makeIfAbsent(path);
  if ((statSync(path).mode & 0o077) !== 0) throw new Error(`others may read the keys in ${path}: chmod 600 ${path}`);
  const keys = new Map<string, Key>();
  const { current, keys: texts } = parsed(path);
  for (const [id, text] of Object.entries(texts)) keys.set(id, { id, bytes: Buffer.from(text, 'base64') });
  const first = keys.get(current);
  if (first === undefined) throw new Error(`${path} says that key "${current}" is current, and has no such key`);
  return Object.freeze({ current: () => first, byId: (id: string) => keys.get(id) });
}

/** Whole or not at all: a file cut short would be taken for lost keys. */
function makeIfAbsent(path: string): void {
  const id = new Date().toISOString().slice(0, 10);
  const content = { current: id, keys: { [id]: randomBytes(keyLength).toString('base64') } };
  const draft = `${path}.${process.pid}`;
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(draft, `${JSON.stringify(content, null, 2)}\n`, { mode: 0o600 });
  try {
    linkSync(draft, path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  } finally {
    unlinkSync(draft);
  }
}

/** Its errors name the file, never what is in it. */
function parsed(path: string): z.output<typeof file> {
  try {
    return file.parse(JSON.parse(readFileSync(path, 'utf8')));
  } catch {
    throw new Error(
      `${path} is no key file: expected {"current": id, "keys": {id: 32 bytes in base64}}; without it sealed objects are lost`,
    );
  }
}
