/** A file of lines, each of which is on disk when `append` resolves. */
import { type FileHandle, open, rename } from 'node:fs/promises';
import { dirname } from 'node:path';

export interface LineFile {
  append(lines: readonly string[]): Promise<void>;
  bytes(): number;
  close(): Promise<void>;
}

/** Opens or makes the file; a last line without its line break was never whole and is cut off. */
export async function openLineFile(path: string): Promise<{ readonly file: LineFile; readonly lines: readonly string[] }> {
  const handle = await open(path, 'a+').then(async (made) => {
    await made.close();
    return open(path, 'r+');
  });
  const content = await handle.readFile();
  const whole = content.lastIndexOf(10) + 1;
  await handle.truncate(whole);
  return { file: lineFile(handle, whole), lines: content.toString('utf8', 0, whole).split('\n').slice(0, -1) };
}

function lineFile(handle: FileHandle, size: number): LineFile {
  let bytes = size;
  return {
    async append(lines) {
      const content = Buffer.from(lines.map((line) => `${line}\n`).join(''));
      // At a place of its own: a write that failed half-way is overwritten by the next.
      await writeAll(handle, content, bytes);
      await handle.datasync();
      bytes += content.length;
    },
    bytes: () => bytes,
    close: () => handle.close(),
  };
}

async function writeAll(handle: FileHandle, content: Buffer, position: number): Promise<void> {
  for (let done = 0; done < content.length; ) {
    const { bytesWritten } = await handle.write(content, done, content.length - done, position + done);
    done += bytesWritten;
  }
}

/** Writes the new content beside the file and puts it in its place, so that a crash leaves one or the other. */
export async function replaceLineFile(path: string, old: LineFile, lines: readonly string[]): Promise<LineFile> {
  const handle = await open(`${path}.new`, 'w+');
  const file = lineFile(handle, 0);
  await file.append(lines);
  await rename(`${path}.new`, path);
  await syncDirectory(dirname(path));
  await old.close();
  return file;
}

async function syncDirectory(path: string): Promise<void> {
  const handle = await open(path, 'r');
  await handle.sync();
  await handle.close();
}
