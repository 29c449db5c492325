import { type Cause, Invalid } from '../../errors.ts';
import { cluster } from './fields/cluster.ts';
import { machine } from './fields/machine.ts';
import { networkDocuments } from './fields/network-documents.ts';
import { flag, type Structure, structure, text } from './fields/shape.ts';
import { systemDocuments } from './fields/system-documents.ts';
import type { ValueMap } from './value.ts';

/** One document of a machine config. The first of all, with `machine` and `cluster`, has neither kind nor name. */
export interface ConfigDocument {
  readonly kind: string;
  readonly name: string;
  readonly value: ValueMap;
}

/** The kind that stands for the document with `machine` and `cluster`, which has none. */
export const mainKind = '';
const main = structure({ version: text, debug: flag, persist: flag, machine, cluster });
const kinds: Readonly<Record<string, Structure>> = { ...networkDocuments, ...systemDocuments };

/** The fields of documents of a kind; undefined when Talos 1.<minor> does not know it. */
export function shapeOf(kind: string, minor: number): Structure | undefined {
  if (kind === mainKind) return main;
  const found = Object.hasOwn(kinds, kind) ? kinds[kind] : undefined;
  if (!found || (found.since ?? 0) > minor) return undefined;
  return { ...found, fields: { apiVersion: text, kind: text, ...found.fields } };
}

/** How errors name a document: nothing for the main one, `HostnameConfig`, or `VolumeConfig/EPHEMERAL`. */
export const titleOf = ({ kind, name }: Pick<ConfigDocument, 'kind' | 'name'>): string => (name === '' ? kind : `${kind}/${name}`);

export const sameDocument = (a: ConfigDocument, b: Pick<ConfigDocument, 'kind' | 'name'>): boolean =>
  a.kind === b.kind && a.name === b.name;

export const mainOf = (documents: readonly ConfigDocument[]): ValueMap => documents.find(({ kind }) => kind === mainKind)?.value ?? {};

/** Refuses with everything that is wrong at once; does nothing when nothing is. */
export function refuse(what: string, causes: readonly Cause[]): void {
  if (causes.length === 0) return;
  throw new Invalid(`${what}: ${causes.map(({ field, message }) => (field === '' ? message : `${field}: ${message}`)).join('; ')}`, {
    causes,
  });
}
