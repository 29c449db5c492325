import { stringify } from 'yaml';
import { type ConfigDocument, mainKind, shapeOf } from './documents.ts';
import type { Shape } from './fields/shape.ts';
import { isList, isMap, type Value, type ValueMap } from './value.ts';

/** Registries stand before the hostname and KubeSpan after it, as upstream's generator writes them; others follow as they came. */
const documentOrder = [mainKind, 'RegistryMirrorConfig', 'RegistryTLSConfig', 'HostnameConfig', 'KubeSpanConfig'];

/** YAML text without comments, in Talos' own order of documents and fields; what Talos keeps in maps is sorted by key. */
export function encodeDocuments(documents: readonly ConfigDocument[], minor: number): string {
  const rank = ({ kind }: ConfigDocument) => (documentOrder.includes(kind) ? documentOrder.indexOf(kind) : documentOrder.length);
  return [...documents]
    .sort((a, b) => rank(a) - rank(b))
    .map(({ kind, value }) => encodeYaml(inOrder(value, shapeOf(kind, minor))))
    .join('---\n');
}

/** Words that only YAML 1.1 reads as numbers or booleans are quoted, since Go's reader knows both versions. */
export const encodeYaml = (value: unknown): string =>
  stringify(value, { version: '1.1', indent: 4, lineWidth: 0, aliasDuplicateObjects: false });

function inOrder(value: Value | undefined, shape: Shape | undefined): Value | undefined {
  if (isList(value)) return value.map((item) => inOrder(item, shape?.is === 'sequence' ? shape.of : undefined) ?? null);
  if (!isMap(value)) return value;
  if (shape?.is === 'structure') return pick(value, Object.keys(shape.fields), (key) => shape.fields[key]);
  return pick(value, Object.keys(value).sort(), () => (shape?.is === 'mapping' ? shape.of : undefined));
}

function pick(value: ValueMap, keys: readonly string[], shapeOfField: (key: string) => Shape | undefined): ValueMap {
  return Object.fromEntries(
    keys.flatMap((key) => (value[key] === undefined ? [] : [[key, inOrder(value[key], shapeOfField(key))] as const])),
  );
}
