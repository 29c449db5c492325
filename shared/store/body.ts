import { gzipSync } from 'node:zlib';
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

/** The gzipped JSON text of a body. */
export const openBody = async (body: Uint8Array, sealed: boolean, place: Place, sealer: Sealer): Promise<Uint8Array> =>
  sealed ? sealer.open(body, identityOf(place)) : body;

/**
 * What a tombstone keeps: the last state, so that a watcher can be told what went. Of kinds that may hold secrets only the
 * metadata, and of that not the annotations and managed fields, since kubectl repeats the whole object in an annotation.
 */
export function remainsOf(kind: Kind, object: KubeObject): KubeObject {
  if (!kind.sealed) return object;
  const { annotations: _, managedFields: __, ...metadata } = object.metadata;
  return { apiVersion: object.apiVersion, kind: object.kind, metadata };
}
