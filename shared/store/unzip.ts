import { gunzipSync } from 'node:zlib';

/** zlib takes no smaller buffer. */
const smallest = 64;
/** Bytes of text that are unzipped into one buffer, if it is not one text that is longer. */
const together = 256 * 1024;

/**
 * The texts of gzipped bodies. Each call of zlib makes a stream, which takes several times as long as unzipping a body of 1 KB, so
 * many bodies go through one: gzip may follow upon gzip, and says the length of its text in its last four bytes.
 */
export function unzipAll(zipped: readonly Uint8Array[]): string[] {
  const texts: string[] = [];
  for (let from = 0; from < zipped.length; ) {
    let to = from + 1;
    let length = lengthOf(zipped[from]!);
    while (to < zipped.length && length + lengthOf(zipped[to]!) <= together) length += lengthOf(zipped[to++]!);
    texts.push(...unzipTogether(zipped.slice(from, to), length));
    from = to;
  }
  return texts;
}

function unzipTogether(zipped: readonly Uint8Array[], length: number): string[] {
  // One byte more than there will be: when the buffer is full zlib makes another. Who zipped may have said a length beyond all measure.
  const chunkSize = Math.max(smallest, Math.min(length, together) + 1);
  const bytes = gunzipSync(zipped.length === 1 ? zipped[0]! : Buffer.concat(zipped), { chunkSize });
  if (zipped.length === 1) return [bytes.toString()];
  // zlib has compared each length with what came out, unless something stands between two of them.
  if (bytes.length !== length) return zipped.flatMap((one) => unzipTogether([one], lengthOf(one)));
  let at = 0;
  return zipped.map((one) => {
    const start = at;
    at += lengthOf(one);
    return bytes.toString('utf8', start, at);
  });
}

const lengthOf = (zipped: Uint8Array): number =>
  zipped.length < 4 ? 0 : new DataView(zipped.buffer, zipped.byteOffset, zipped.byteLength).getUint32(zipped.length - 4, true);
