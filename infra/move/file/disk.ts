import { existsSync } from 'node:fs';
import { open, readFile, unlink } from 'node:fs/promises';
import { buffer } from 'node:stream/consumers';
import { Invalid } from '../../../shared/errors.ts';

/** A file that is not there yet, or standard output. */
export interface Destination {
  readonly describe: string;
  /** Resolves when all of it is on disk, or given away. */
  write(bytes: Uint8Array): Promise<void>;
}

/** Throws Invalid where nothing may be written: over a file that is there, or onto a terminal. */
export function destination(path: string, { stdout }: Pick<NodeJS.Process, 'stdout'>): Destination {
  if (path === '-') {
    if (stdout.isTTY)
      throw new Invalid('an export holds keys in clear, which do not belong on a terminal: write it to a file, or into a pipe');
    return { describe: 'standard output', write: (bytes) => given(bytes, stdout) };
  }
  if (existsSync(path)) throw taken(path);
  return { describe: path, write: (bytes) => writeNew(path, bytes) };
}

const taken = (path: string): Invalid => new Invalid(`${path} is there already, and no export is written over: choose another name`);

const given = (bytes: Uint8Array, to: NodeJS.WritableStream): Promise<void> =>
  new Promise((resolve, reject) => to.write(bytes, (error) => (error ? reject(error) : resolve())));

/** Only its owner may read it. What a crash leaves of it is refused by its checksum. */
async function writeNew(path: string, bytes: Uint8Array): Promise<void> {
  const file = await open(path, 'wx', 0o600).catch((error: NodeJS.ErrnoException) => {
    throw error.code === 'EEXIST' ? taken(path) : error;
  });
  try {
    await file.writeFile(bytes);
    await file.sync();
  } catch (error) {
    await unlink(path);
    throw error;
  } finally {
    await file.close();
  }
}

/** A file, or standard input for `-`. */
export async function readSource(path: string, { stdin }: Pick<NodeJS.Process, 'stdin'>): Promise<Buffer> {
  if (path === '-') return buffer(stdin);
  return readFile(path).catch((error: unknown) => {
    throw new Invalid(`${path} cannot be read: ${error instanceof Error ? error.message : error}`);
  });
}

/** The first line of the file. */
export async function readPassphrase(path: string): Promise<string> {
  const text = await readFile(path, 'utf8').catch((error: unknown) => {
    throw new Invalid(`the passphrase cannot be read: ${error instanceof Error ? error.message : error}`);
  });
  const [passphrase = ''] = text.split(/\r?\n/);
  if (passphrase === '') throw new Invalid(`the first line of ${path} is empty: write the passphrase there`);
  return passphrase;
}
