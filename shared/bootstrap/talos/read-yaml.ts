import { type Document, isMap, isScalar, LineCounter, parseAllDocuments, type YAMLMap } from 'yaml';
import type { Cause } from '../../errors.ts';
import { type ConfigDocument, mainKind, shapeOf } from './documents.ts';

/** One text being read: its documents' roots, where lines begin, and what was found wrong. */
export interface Reading {
  readonly minor: number;
  readonly roots: readonly Root[];
  readonly causes: Cause[];
  at(node: unknown): string;
}
export interface Root {
  readonly document: Document.Parsed;
  readonly node: YAMLMap;
}

/** Splits a text into documents that are mappings; empty ones are skipped. */
export function parseYaml(text: string, minor: number): Reading {
  const lines = new LineCounter();
  const position = (offset: number) => {
    const { line, col } = lines.linePos(offset);
    return `line ${line}, column ${col}`;
  };
  const at = (node: unknown) => position((node as { range?: [number, number, number] } | null)?.range?.[0] ?? 0);
  const causes: Cause[] = [];
  const roots: Root[] = [];
  for (const document of parseAllDocuments(text, { lineCounter: lines, prettyErrors: false })) {
    // What follows a colon or a backslash in the parser's sentence quotes the text.
    for (const error of document.errors) {
      causes.push({ field: '', message: `not YAML: ${error.message.split(/: |\\/, 1)[0]} (${position(error.pos[0])})` });
    }
    const node = document.contents;
    if (document.errors.length > 0) continue;
    if (isMap(node)) roots.push({ document, node: node as YAMLMap });
    else if (node !== null && !(isScalar(node) && node.value === null)) {
      causes.push({ field: '', message: `a document must be a mapping of fields (${at(node)})` });
    }
  }
  return { minor, roots, causes, at };
}

const legacyKeys = ['machine', 'cluster', 'debug', 'persist'];

/** Which document this is, by what it says of itself; a complaint and undefined when it does not say enough. */
export function identityOf(root: Root, reading: Reading): Pick<ConfigDocument, 'kind' | 'name'> | undefined {
  const said = (key: string) => {
    const node = root.node.get(key, true);
    return isScalar(node) && node.value !== null ? sourceOf(node) : '';
  };
  const [kind, apiVersion, name] = [said('kind'), said('apiVersion'), said('name')];
  const complain = (field: string, message: string) => {
    reading.causes.push({ field, message: `${message} (${reading.at(root.node)})` });
    return undefined;
  };
  if (kind === '') {
    if (legacyKeys.some((key) => root.node.has(key))) return { kind: mainKind, name: '' };
    return complain('kind', 'missing: a document has machine and cluster, or else apiVersion and kind');
  }
  if (apiVersion !== 'v1alpha1') return complain(`${kind}.apiVersion`, 'must be v1alpha1');
  if (!shapeOf(kind, reading.minor)) return complain(kind, `Talos 1.${reading.minor} knows no document of this kind`);
  return { kind, name };
}

/** The text of a scalar as it was written, without quotes. */
export const sourceOf = (node: { source?: string; value: unknown }): string => node.source ?? String(node.value);
