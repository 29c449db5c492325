import { isAlias, isMap, isScalar, isSeq, type Node, type YAMLMap, type YAMLSeq } from 'yaml';
import { type ConfigDocument, refuse, shapeOf, titleOf } from './documents.ts';
import { type Shape, type Structure, text, texts } from './fields/shape.ts';
import { identityOf, parseYaml, type Reading, type Root, sourceOf } from './read-yaml.ts';
import type { Value, ValueMap } from './value.ts';

/**
 * Reads the YAML of a machine config or a patch as strictly as Talos does. A value's text is read by the shape of its
 * place, so that a token that looks like a number keeps every digit. Messages name line and column and quote no value:
 * any of them may be a secret.
 */
export function decodeDocuments(config: string, minor: number): readonly ConfigDocument[] {
  const reading = parseYaml(config, minor);
  const documents = reading.roots.flatMap((root) => decodeDocument(root, reading) ?? []);
  reportDuplicates(documents, reading);
  refuse('machine config', reading.causes);
  return documents;
}

/** Reads one document; undefined when it does not say what it is, which is complained about. */
export function decodeDocument(root: Root, reading: Reading): ConfigDocument | undefined {
  const identity = identityOf(root, reading);
  if (!identity) return undefined;
  const shape = shapeOf(identity.kind, reading.minor)!;
  const value = decodeStructure(root.node, shape, titleOf(identity), { root, reading });
  return { ...identity, value };
}

function reportDuplicates(documents: readonly ConfigDocument[], reading: Reading): void {
  const seen = new Set<string>();
  for (const document of documents) {
    const title = titleOf(document);
    if (seen.has(title)) reading.causes.push({ field: title, message: 'is there twice', reason: 'FieldValueDuplicate' });
    seen.add(title);
  }
}

interface Place {
  readonly root: Root;
  readonly reading: Reading;
}

function complain(place: Place, field: string, node: unknown, message: string): undefined {
  place.reading.causes.push({ field, message: `${message} (${place.reading.at(node)})` });
  return undefined;
}

const child = (parent: string, key: string | number): string =>
  typeof key === 'number' ? `${parent}[${key}]` : parent === '' ? key : `${parent}.${key}`;

/** A node, or what its alias stands for. */
const resolved = (node: unknown, place: Place): unknown => (isAlias(node) ? node.resolve(place.root.document) : node);

function decodeStructure(node: YAMLMap, shape: Structure, path: string, place: Place): ValueMap {
  const known: Record<string, Value> = {};
  for (const { key, value } of node.items) {
    const name = isScalar(key) ? sourceOf(key) : '';
    const field = child(path, name);
    const fieldShape = Object.hasOwn(shape.fields, name) ? shape.fields[name] : undefined;
    if (!fieldShape) complain(place, field, key, 'unknown field');
    else if ((fieldShape.since ?? 0) > place.reading.minor) {
      complain(place, field, key, `Talos 1.${place.reading.minor} does not know this field, 1.${fieldShape.since} does`);
    } else {
      const decoded = decodeValue(value, fieldShape, field, place);
      if (decoded !== undefined) known[name] = decoded;
    }
  }
  return known;
}

/** The value of a place; undefined when nothing is written there, or when what is written was complained about. */
function decodeValue(raw: unknown, shape: Shape, path: string, place: Place): Value | undefined {
  const node = resolved(raw, place);
  if (node === null || node === undefined || (isScalar(node) && node.value === null)) return undefined;
  switch (shape.is) {
    case 'structure':
      if (!isMap(node)) return complain(place, path, node, 'must be a mapping of fields');
      return decodeStructure(node as YAMLMap, shape, path, place);
    case 'mapping':
      if (!isMap(node)) return complain(place, path, node, 'must be a mapping');
      return decodeEntries(node as YAMLMap, shape.of, path, place);
    case 'sequence':
      if (!isSeq(node)) return complain(place, path, node, 'must be a list');
      return (node as YAMLSeq).items.flatMap((item, i) => decodeValue(item, shape.of, child(path, i), place) ?? []);
    case 'arguments':
      if (!isMap(node)) return complain(place, path, node, 'must be a mapping of flags to values');
      return decodeArguments(node as YAMLMap, path, place);
    case 'freeForm':
      if (!isMap(node)) return complain(place, path, node, 'must be a mapping');
      return (node as Node).toJS(place.root.document) as Value;
    default:
      if (!isScalar(node)) return complain(place, path, node, 'must be a single value');
      return decodeScalar(sourceOf(node), shape.is, path, node, place);
  }
}

function decodeEntries(node: YAMLMap, of: Shape, path: string, place: Place): ValueMap {
  const entries = node.items.flatMap(({ key, value }) => {
    const name = isScalar(key) ? sourceOf(key) : '';
    const decoded = decodeValue(value, of, child(path, name), place);
    return decoded === undefined ? [] : [[name, decoded] as const];
  });
  return Object.fromEntries(entries);
}

/** Flags take a text, and from 1.13 on also a list of texts. */
function decodeArguments(node: YAMLMap, path: string, place: Place): ValueMap {
  const entries = node.items.flatMap(({ key, value }) => {
    const name = isScalar(key) ? sourceOf(key) : '';
    const lists = isSeq(resolved(value, place)) && place.reading.minor >= 13;
    const decoded = decodeValue(value, lists ? texts : text, child(path, name), place);
    return decoded === undefined ? [] : [[name, decoded] as const];
  });
  return Object.fromEntries(entries);
}

/** Typed booleans take the words of YAML 1.1 too, and numbers its octals: `permissions: 0644` is 420. */
function decodeScalar(source: string, is: 'text' | 'count' | 'flag', path: string, node: unknown, place: Place): Value | undefined {
  if (is === 'text') return source;
  if (is === 'flag') {
    if (/^(true|yes|y|on)$/i.test(source)) return true;
    if (/^(false|no|n|off)$/i.test(source)) return false;
    return complain(place, path, node, 'must be true or false');
  }
  if (/^0o?[0-7]+$/.test(source)) return Number.parseInt(source.replace('o', ''), 8);
  if (/^(0|[1-9]\d*|0x[0-9a-f]+)$/i.test(source)) return Number(source);
  return complain(place, path, node, 'must be a whole number');
}
