import { isDeepStrictEqual } from 'node:util';
import * as z from 'zod';
import { isList, isMap, type Value, type ValueMap } from '../value.ts';
import { MergeConflict } from './strategic-merge.ts';

const pointer = z.string().regex(/^(\/[^/]*)*$/);
const operation = z.discriminatedUnion('op', [
  z.strictObject({ op: z.enum(['add', 'replace', 'test']), path: pointer, value: z.json() }),
  z.strictObject({ op: z.literal('remove'), path: pointer }),
  z.strictObject({ op: z.enum(['move', 'copy']), path: pointer, from: pointer }),
]);
type Operation = z.output<typeof operation>;

/** Applies JSON Patch (RFC 6902), which Talos takes for configs of one document. Throws MergeConflict naming the operation that cannot be done. */
export function applyJsonPatch(target: ValueMap, patch: unknown): ValueMap {
  const operations = z.array(operation).safeParse(patch);
  if (!operations.success) {
    const places = operations.error.issues.map(({ path }) => path.join('.')).join(', ');
    throw new MergeConflict(`is no JSON patch (RFC 6902): look at ${places || 'the list'}`);
  }
  const result = operations.data.reduce<Value>((value, step, i) => {
    try {
      return applyOperation(value, step);
    } catch (error) {
      throw error instanceof MergeConflict ? new MergeConflict(`operation ${i} (${step.op} ${step.path}): ${error.message}`) : error;
    }
  }, target);
  if (!isMap(result)) throw new MergeConflict('leaves no config');
  return result;
}

function applyOperation(value: Value, step: Operation): Value {
  const path = keysOf(step.path);
  switch (step.op) {
    case 'add':
      return put(value, path, step.value);
    case 'replace':
      lookUp(value, path);
      return path.length === 0 ? step.value : put(remove(value, path), path, step.value);
    case 'remove':
      return remove(value, path);
    case 'test':
      if (!isDeepStrictEqual(lookUp(value, path), step.value)) throw new MergeConflict('the config has another value there');
      return value;
    case 'copy':
      return put(value, path, lookUp(value, keysOf(step.from)));
    case 'move':
      return put(remove(value, keysOf(step.from)), path, lookUp(value, keysOf(step.from)));
  }
}

/** `~1` stands for a slash and `~0` for a tilde, in this order. */
const keysOf = (path: string): string[] =>
  path
    .split('/')
    .slice(1)
    .map((key) => key.replaceAll('~1', '/').replaceAll('~0', '~'));

const missing = (): MergeConflict => new MergeConflict('the config has nothing there');

function lookUp(value: Value, path: readonly string[]): Value {
  return path.reduce<Value>((parent, key) => {
    const child = isList(parent) ? parent[indexOf(parent, key)] : isMap(parent) && Object.hasOwn(parent, key) ? parent[key] : undefined;
    if (child === undefined) throw missing();
    return child;
  }, value);
}

function put(value: Value, path: readonly string[], added: Value): Value {
  return change(value, path, added, (parent, key) => {
    if (isList(parent)) return parent.toSpliced(key === '-' ? parent.length : indexOf(parent, key), 0, added);
    return { ...parent, [key]: added };
  });
}

function remove(value: Value, path: readonly string[]): Value {
  return change(value, path, null, (parent, key) => {
    lookUp(parent, [key]);
    if (isList(parent)) return parent.toSpliced(indexOf(parent, key), 1);
    const { [key]: _, ...others } = parent;
    return others as ValueMap;
  });
}

/** Rebuilds the way down to the parent of the last key; an empty path stands for the whole. */
function change(
  value: Value,
  path: readonly string[],
  whole: Value,
  at: (parent: ValueMap | readonly Value[], key: string) => Value,
): Value {
  const [key, ...rest] = path;
  if (key === undefined) return whole;
  if (!isList(value) && !isMap(value)) throw missing();
  if (rest.length === 0) return at(value, key);
  const child = change(lookUp(value, [key]), rest, whole, at);
  return isList(value) ? value.with(indexOf(value, key), child) : { ...value, [key]: child };
}

function indexOf(list: readonly Value[], key: string): number {
  const index = /^(0|[1-9]\d*)$/.test(key) ? Number(key) : Number.NaN;
  if (!(index <= list.length)) throw missing();
  return index;
}
