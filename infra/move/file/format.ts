import { createHash } from 'node:crypto';
import * as z from 'zod';
import { Invalid } from '../../../shared/errors.ts';
import type { KubeObject } from '../../../shared/kinds/object.ts';
import { moving } from '../order.ts';
import { called, type Kept } from '../place.ts';

/**
 * What an export is: JSON Lines. The first line says what follows, and its checksum; each other line is one object, with all that it was
 * but its resourceVersion. Secrets are in clear.
 */
export interface Header {
  readonly plastron: 'export';
  readonly format: 1;
  /** The plane that was left, in words. */
  readonly plane: string;
  /** RFC 3339. */
  readonly exportedAt: string;
  /** How many objects of each kind. */
  readonly counts: Readonly<Record<string, number>>;
  /** SHA-256 of all that follows this line, in hexadecimal. */
  readonly sha256: string;
}

export interface Export {
  readonly header: Header;
  readonly objects: readonly Kept[];
}

const header = z.object({
  plastron: z.literal('export'),
  format: z.literal(1),
  plane: z.string(),
  exportedAt: z.string(),
  counts: z.record(z.string(), z.int()),
  sha256: z.string(),
});

const object = z.looseObject({
  apiVersion: z.string().min(1),
  kind: z.string().min(1),
  metadata: z.looseObject({ name: z.string().min(1), uid: z.string().min(1), namespace: z.string().min(1).optional() }),
});

const newline = 10;
const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

export function encode(objects: readonly Kept[], about: Pick<Header, 'plane' | 'exportedAt'>): { header: Header; bytes: Buffer } {
  const body = Buffer.from(objects.map((one) => `${JSON.stringify(withoutVersion(one.object))}\n`).join(''));
  const { plane, exportedAt } = about;
  const written: Header = { plastron: 'export', format: 1, plane, exportedAt, counts: countsOf(objects), sha256: sha256(body) };
  return { header: written, bytes: Buffer.concat([Buffer.from(`${JSON.stringify(written)}\n`), body]) };
}

function withoutVersion({ metadata, ...rest }: KubeObject): object {
  const { resourceVersion: _, ...kept } = metadata;
  return { ...rest, metadata: kept };
}

function countsOf(objects: readonly Kept[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { kind } of objects) counts[kind.kind] = (counts[kind.kind] ?? 0) + 1;
  return counts;
}

/** Reads an export whole, or throws Invalid. Its errors never show what is in it. */
export function decode(bytes: Buffer): Export {
  const end = bytes.indexOf(newline);
  const said = header.safeParse(parsed(bytes.subarray(0, Math.max(0, end))));
  if (!said.success) throw new Invalid('this is no export of a plane, or one of a later version of Plastron');
  const body = bytes.subarray(end + 1);
  if (sha256(body) !== said.data.sha256)
    throw new Invalid('the export is not whole, or was changed: its checksum is another; copy it again from where it was written');
  const lines = body.toString().split('\n').slice(0, -1);
  return { header: said.data, objects: lines.map(objectIn) };
}

function objectIn(line: string, i: number): Kept {
  const read = object.safeParse(parsed(line));
  if (!read.success) throw new Invalid(`line ${i + 2} of the export is no object with a name and a uid`);
  const found = read.data as KubeObject;
  const group = found.apiVersion.includes('/') ? found.apiVersion.slice(0, found.apiVersion.indexOf('/')) : '';
  const kind = moving.find((each) => each.group === group && each.kind === found.kind);
  if (kind === undefined)
    throw new Invalid(
      `the export has a ${found.kind} of ${found.apiVersion}, which this version of Plastron does not know: use a later one`,
    );
  const one = { kind, object: found };
  if ((kind.scope === 'Namespaced') !== (found.metadata.namespace !== undefined))
    throw new Invalid(`line ${i + 2} of the export, ${called(one)}, is ${kind.scope === 'Cluster' ? 'in' : 'in no'} namespace`);
  return one;
}

function parsed(text: string | Buffer): unknown {
  try {
    return JSON.parse(text.toString());
  } catch {
    return undefined;
  }
}
