import { fieldOf, resolve, type Schema, type SchemaDocument } from '../objects/schema.ts';
import { checkKey } from '../request/json-text.ts';
import { malformedPatch } from './malformed.ts';

/**
 * Strategic merge patch, for core kinds: a merge patch whose lists are merged by key where the schema says so
 * (`ownerReferences` by uid) or as sets (`finalizers`), and which may carry directives ($patch, $retainKeys,
 * $setElementOrder/x, $deleteFromPrimitiveList/x). Changes neither argument.
 */
export function strategicMergePatch(target: unknown, patch: unknown, document: SchemaDocument): unknown {
  if (!isObject(patch)) throw malformedPatch('a strategic merge patch is an object');
  return mergeObject(isObject(target) ? target : {}, patch, document.root, document);
}

type Fields = Record<string, unknown>;

const order = '$setElementOrder/';
const deletions = '$deleteFromPrimitiveList/';

function mergeObject(target: Fields, patch: Fields, schema: Schema | undefined, document: SchemaDocument): Fields {
  if (patch.$patch === 'delete') return {};
  if (patch.$patch === 'replace') return withoutDirectives(patch);
  const merged: Fields = keepOnly(target, patch.$retainKeys);
  for (const [key, part] of Object.entries(patch)) {
    if (key.startsWith(deletions)) {
      const name = key.slice(deletions.length);
      checkKey(name);
      const gone = new Set(listOf(part));
      merged[name] = listOf(merged[name]).filter((item) => !gone.has(item));
    }
  }
  for (const [key, part] of Object.entries(patch)) {
    if (key.startsWith('$')) continue;
    const field = schema === undefined ? undefined : fieldOf(schema, key, document);
    if (part === null) delete merged[key];
    else if (Array.isArray(part)) merged[key] = mergeList(listOf(merged[key]), part, field, document);
    else if (isObject(part)) merged[key] = mergeObject(isObject(merged[key]) ? merged[key] : {}, part, field, document);
    else merged[key] = part;
  }
  for (const [key, part] of Object.entries(patch)) {
    const name = key.slice(order.length);
    if (key.startsWith(order) && Array.isArray(merged[name])) {
      const field = schema === undefined ? undefined : fieldOf(schema, name, document);
      merged[name] = ordered(merged[name], listOf(part), mergeKeyOf(field, document));
    }
  }
  return merged;
}

const isObject = (value: unknown): value is Fields => value !== null && typeof value === 'object' && !Array.isArray(value);

const listOf = (value: unknown): unknown[] => (Array.isArray(value) ? value : []);

const withoutDirectives = (patch: Fields): Fields => Object.fromEntries(Object.entries(patch).filter(([key]) => !key.startsWith('$')));

function keepOnly(target: Fields, retained: unknown): Fields {
  if (retained === undefined) return { ...target };
  const names = new Set(listOf(retained));
  return Object.fromEntries(Object.entries(target).filter(([key]) => names.has(key)));
}

/** The key by which items of a list are told apart; undefined: the list has none. */
function mergeKeyOf(field: Schema | undefined, document: SchemaDocument): string | undefined {
  const schema = field === undefined ? undefined : resolve(field, document);
  return schema?.['x-kubernetes-list-type'] === 'map' ? schema['x-kubernetes-list-map-keys']?.[0] : undefined;
}

function mergeList(target: unknown[], patch: unknown[], field: Schema | undefined, document: SchemaDocument): unknown[] {
  const schema = field === undefined ? undefined : resolve(field, document);
  if (schema?.['x-kubernetes-list-type'] === 'set') return [...new Set([...target, ...patch])];
  const key = mergeKeyOf(field, document);
  if (key === undefined) return patch;
  if (patch.some((item) => isObject(item) && item.$patch === 'replace'))
    return patch.filter((item) => !(isObject(item) && item.$patch === 'replace' && Object.keys(item).length === 1));
  const merged: unknown[] = [...target];
  const places = new Map(merged.map((item, at) => [isObject(item) ? item[key] : gone, at] as const).reverse());
  for (const item of patch) {
    if (!isObject(item) || item[key] === undefined) throw malformedPatch(`an item of a list that is merged by "${key}" has no ${key}`);
    const at = places.get(item[key]);
    if (item.$patch === 'delete') {
      if (at !== undefined) merged[at] = gone;
      places.delete(item[key]);
    } else if (at === undefined) places.set(item[key], merged.push(withoutDirectives(item)) - 1);
    else merged[at] = mergeObject(merged[at] as Fields, item, schema?.items, document);
  }
  return merged.filter((item) => item !== gone);
}

/** In the place of an item that is deleted, so that the others keep theirs until all is done. */
const gone = Symbol('gone');

/** Items that the order names come in that order, among themselves; the others keep their places after those before them. */
function ordered(list: unknown[], named: unknown[], key: string | undefined): unknown[] {
  const id = (item: unknown) => (key !== undefined && isObject(item) ? item[key] : item);
  const rank = new Map(named.map((item, at) => [id(item), at] as const).reverse());
  const listed = list.filter((item) => rank.has(id(item))).sort((a, b) => rank.get(id(a))! - rank.get(id(b))!);
  const next = listed.values();
  return list.map((item) => (rank.has(id(item)) ? next.next().value : item));
}
