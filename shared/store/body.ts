import { gunzipSync, gzipSync } from 'node:zlib';
import { Invalid } from '../errors.ts';
import type { Kind } from '../kinds/define-kind.ts';
import type { KubeObject } from '../kinds/object.ts';
import type { Sealer } from './seal.ts';

/** What may be stored of one object. DynamoDB takes 400 KB; keys, index attributes and the seal need some of it. */
const mostBytes = 350 * 1024;

/** Where a body belongs: a sealed one opens nowhere else. */
export interface Place {
  readonly partition: string;
  readonly name: string;
  readonly uid: string;
}

const identityOf = ({ partition, name, uid }: Place): string => `${partition}/${name}/${uid}`;

/** The object without its version (that is an attribute of the item, new with each try), gzipped, and sealed if its kind is. */
export async function encodeBody(kind: Kind, object: KubeObject, place: Place, sealer: Sealer): Promise<Uint8Array> {
  const { resourceVersion: _, ...metadata } = object.metadata;
  const zipped = gzipSync(JSON.stringify({ ...object, metadata }));
  const body = kind.sealed ? await sealer.seal(zipped, identityOf(place)) : zipped;
  if (body.length > mostBytes)
    throw new Invalid(
      `${kind.kind} "${place.name}" takes ${Math.ceil(body.length / 1024)} KB in storage, and at most ${mostBytes / 1024} KB can be kept: ` +
        'make it smaller, or split it into several objects',
    );
  return body;
}

/** The JSON text of a body. */
export async function decodeBody(body: Uint8Array, sealed: boolean, place: Place, sealer: Sealer): Promise<string> {
  const zipped = sealed ? await sealer.open(body, identityOf(place)) : body;
  return gunzipSync(zipped, { chunkSize: lengthOf(zipped) }).toString();
}

/** zlib takes no smaller chunk, and as much as a chunk that it takes by default. */
const [smallestChunk, usualChunk] = [64, 16 * 1024];

/**
 * The length of the text as gzip says it in its last four bytes, so that unzipping takes one buffer of that length. It may be wrong
 * (it is modulo 2^32, and whoever zipped wrote it): then unzipping takes more chunks than one.
 */
function lengthOf(zipped: Uint8Array): number {
  const said = zipped.length < 4 ? 0 : new DataView(zipped.buffer, zipped.byteOffset, zipped.byteLength).getUint32(zipped.length - 4, true);
  return Math.min(Math.max(said, smallestChunk), usualChunk);
}

/**
 * What a tombstone keeps: the last state, so that a watcher can be told what went. Of kinds that may hold secrets only the
 * metadata, and of that not the annotations and managed fields, since kubectl repeats the whole object in an annotation.
 */
export function remainsOf(kind: Kind, object: KubeObject): KubeObject {
  if (!kind.sealed) return object;
  const { annotations: _, managedFields: __, ...metadata } = object.metadata;
  return { apiVersion: object.apiVersion, kind: object.kind, metadata };
}
