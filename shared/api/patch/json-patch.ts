import { sameJson } from '../objects/same-json.ts';
import { checkKey, checkValue } from '../request/json-text.ts';
import { StatusError, tooLarge } from '../status.ts';
import { malformedPatch } from './malformed.ts';

/** JSON patch, RFC 6902. */

const mostOperations = 10_000;
/** Characters of all that `copy` duplicates: a short patch of copies of copies would grow without end. */
const mostCopied = 3 * 1024 * 1024;
/** Characters of all that `test` looks through, and items of lists that make room: what 10,000 operations do to a very large value. */
const mostEffort = 50_000_000;

interface Operation {
  readonly op: 'add' | 'remove' | 'replace' | 'move' | 'copy' | 'test';
  readonly path: readonly string[];
  readonly from: readonly string[];
  readonly value: unknown;
}

/**
 * The document with every operation done, or none: throws 400 for what is no JSON patch, 413 for one that is too
 * large, and 422 for an operation that cannot be done, such as a `test` that fails.
 */
export function jsonPatch(document: unknown, patch: unknown): unknown {
  if (!Array.isArray(patch)) throw malformedPatch('a JSON patch is a list of operations');
  if (patch.length > mostOperations)
    throw tooLarge(`The allowed maximum operations in a JSON patch is ${mostOperations}, got ${patch.length}`);
  const holder: Holder = { root: structuredClone(document), copied: 0, effort: 0 };
  for (const [i, raw] of patch.entries()) {
    const operation = readOperation(raw, i);
    try {
      carryOut(holder, operation);
      if (holder.copied > mostCopied) throw tooLarge(`the JSON patch copies more than ${mostCopied} bytes`);
      if (holder.effort > mostEffort) throw tooLarge('the JSON patch tests and moves too much: send the whole value instead');
    } catch (error) {
      if (!(error instanceof Impossible)) throw error;
      throw new StatusError(
        422,
        'Invalid',
        `the server rejected our request due to an error in our request: operation ${i} of the JSON patch (${operation.op} ${pointerText(operation.path)}): ${error.message}`,
        {},
      );
    }
  }
  // Operations may have put one value into the other.
  checkValue(holder.root);
  return holder.root;
}

class Impossible extends Error {}

interface Holder {
  root: unknown;
  copied: number;
  effort: number;
}

function carryOut(holder: Holder, { op, path, from, value }: Operation): void {
  switch (op) {
    case 'add':
      add(holder, path, structuredClone(value));
      return;
    case 'remove':
      remove(holder, path);
      return;
    case 'replace':
      if (path.length === 0) holder.root = structuredClone(value);
      else {
        valueAt(holder, path);
        assign(parentOf(holder, path), path.at(-1)!, structuredClone(value));
      }
      return;
    case 'move':
      if (from.length < path.length && from.every((part, i) => part === path[i])) throw new Impossible('a value cannot move into itself');
      add(holder, path, remove(holder, from));
      return;
    case 'copy':
      add(holder, path, copyOf(holder, valueAt(holder, from)));
      return;
    case 'test': {
      const found = valueAt(holder, path);
      holder.effort += JSON.stringify(found).length;
      if (!sameJson(found, value)) throw new Impossible('the value is another');
    }
  }
}

function copyOf(holder: Holder, value: unknown): unknown {
  const text = JSON.stringify(value);
  holder.copied += text.length;
  return JSON.parse(text);
}

function add(holder: Holder, path: readonly string[], value: unknown): void {
  const last = path.at(-1);
  if (last === undefined) {
    holder.root = value;
    return;
  }
  const parent = parentOf(holder, path);
  if (Array.isArray(parent)) splice(holder, parent, last === '-' ? parent.length : indexIn(last, parent.length), 0, [value]);
  else assign(parent, last, value);
}

function splice(holder: Holder, list: unknown[], at: number, removed: 0 | 1, added: unknown[]): void {
  holder.effort += list.length - at;
  list.splice(at, removed, ...added);
}

function remove(holder: Holder, path: readonly string[]): unknown {
  const removed = valueAt(holder, path);
  const last = path.at(-1);
  if (last === undefined) throw new Impossible('the whole document cannot be removed');
  const parent = parentOf(holder, path);
  if (Array.isArray(parent)) splice(holder, parent, Number(last), 1, []);
  else delete parent[last];
  return removed;
}

type Container = unknown[] | Record<string, unknown>;

function assign(parent: Container, key: string, value: unknown): void {
  if (Array.isArray(parent)) parent[Number(key)] = value;
  else parent[key] = value;
}

function parentOf(holder: Holder, path: readonly string[]): Container {
  const parent = valueAt(holder, path.slice(0, -1));
  if (parent === null || typeof parent !== 'object') throw new Impossible('its parent is no object or list');
  return parent as Container;
}

function valueAt(holder: Holder, path: readonly string[]): unknown {
  let value = holder.root;
  for (const [i, key] of path.entries()) {
    if (Array.isArray(value)) value = value[indexIn(key, value.length - 1)];
    else if (value !== null && typeof value === 'object' && Object.hasOwn(value, key)) value = (value as Record<string, unknown>)[key];
    else throw new Impossible(`there is nothing at ${pointerText(path.slice(0, i + 1))}`);
  }
  return value;
}

function indexIn(text: string, highest: number): number {
  if (!/^(0|[1-9]\d{0,8})$/.test(text) || Number(text) > highest) throw new Impossible(`the list has no index ${text}`);
  return Number(text);
}

const operations = new Set(['add', 'remove', 'replace', 'move', 'copy', 'test']);

function readOperation(raw: unknown, i: number): Operation {
  const { op, path, from, value } = (raw ?? {}) as Record<string, unknown>;
  if (typeof op !== 'string' || !operations.has(op)) throw malformedPatch(`operation ${i} has no known "op"`);
  const needsFrom = op === 'move' || op === 'copy';
  if ((op === 'add' || op === 'replace' || op === 'test') && value === undefined) throw malformedPatch(`operation ${i} has no "value"`);
  return { op: op as Operation['op'], path: readPointer(path, i, 'path'), from: needsFrom ? readPointer(from, i, 'from') : [], value };
}

/** RFC 6901. */
function readPointer(text: unknown, i: number, field: string): string[] {
  if (typeof text !== 'string' || (text !== '' && !text.startsWith('/')))
    throw malformedPatch(`operation ${i} has no pointer in "${field}"`);
  const parts = text
    .split('/')
    .slice(1)
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'));
  for (const part of parts) checkKey(part);
  return parts;
}

const pointerText = (path: readonly string[]): string =>
  path.map((part) => `/${part.replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
