import type { FileHandle } from 'node:fs/promises';
import { open } from 'node:fs/promises';
import { promisify } from 'node:util';
import { inflateRaw } from 'node:zlib';

const inflate = promisify(inflateRaw);

/** Longest end-of-central-directory record: 22 bytes and a comment of at most 65535. */
const longestEnd = 22 + 0xffff;

/** One file out of a zip archive, found by its central directory. Throws when the archive has no such file. */
export async function readZipEntry(archive: string, name: string): Promise<Buffer> {
  const file = await open(archive);
  try {
    const { offset, size, compressed, method } = await findEntry(file, name, archive);
    // The local header repeats the name and may have extra fields of other lengths.
    const header = await read(file, offset, 30);
    const start = offset + 30 + header.readUInt16LE(26) + header.readUInt16LE(28);
    const bytes = await read(file, start, compressed);
    const content = method === 0 ? bytes : await inflate(bytes);
    if (content.length !== size) throw new Error(`${name} in ${archive} has ${content.length} bytes instead of ${size}`);
    return content;
  } finally {
    await file.close();
  }
}

interface Entry {
  readonly offset: number;
  readonly size: number;
  readonly compressed: number;
  readonly method: number;
}

async function findEntry(file: FileHandle, name: string, archive: string): Promise<Entry> {
  const directory = await centralDirectory(file, archive);
  for (let at = 0; at + 46 <= directory.length && directory.readUInt32LE(at) === 0x02014b50; ) {
    const nameLength = directory.readUInt16LE(at + 28);
    const length = 46 + nameLength + directory.readUInt16LE(at + 30) + directory.readUInt16LE(at + 32);
    if (directory.toString('utf8', at + 46, at + 46 + nameLength) === name)
      return {
        method: directory.readUInt16LE(at + 10),
        compressed: directory.readUInt32LE(at + 20),
        size: directory.readUInt32LE(at + 24),
        offset: directory.readUInt32LE(at + 42),
      };
    at += length;
  }
  throw new Error(`${archive} has no file ${name}`);
}

async function centralDirectory(file: FileHandle, archive: string): Promise<Buffer> {
  const { size } = await file.stat();
  const tail = await read(file, Math.max(0, size - longestEnd), Math.min(size, longestEnd));
  const at = tail.lastIndexOf(Buffer.from([0x50, 0x4b, 0x05, 0x06]));
  if (at < 0) throw new Error(`${archive} is no zip archive`);
  return read(file, tail.readUInt32LE(at + 16), tail.readUInt32LE(at + 12));
}

async function read(file: FileHandle, position: number, length: number): Promise<Buffer> {
  const buffer = Buffer.alloc(length);
  const { bytesRead } = await file.read(buffer, 0, length, position);
  return buffer.subarray(0, bytesRead);
}
