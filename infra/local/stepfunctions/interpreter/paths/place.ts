/** ResultPath: puts a value into a copy of the data, making what is missing on the way. */
import { StateFailed } from '../failure.ts';
import type { Path } from './path.ts';

/** What is not on the way is shared with `data`, which stays as it is. */
export function place(data: unknown, path: Path, value: unknown): unknown {
  const keys = path.segments.map((segment) => {
    if (segment.kind === 'names') return segment.names[0]!;
    if (segment.kind === 'indexes') return segment.indexes[0]!;
    throw new TypeError(`${path.text} is no reference path`);
  });
  return placeAt(data, keys, value, path.text);
}

function placeAt(data: unknown, keys: readonly (string | number)[], value: unknown, text: string): unknown {
  const [key, ...rest] = keys;
  if (key === undefined) return value;
  if (typeof key === 'number') {
    if (!Array.isArray(data) || data.length <= key || key < 0) throw mismatch(text, `there is no element ${key}`);
    return data.with(key, placeAt(data[key], rest, value, text));
  }
  if (data !== undefined && (typeof data !== 'object' || data === null || Array.isArray(data))) {
    throw mismatch(text, `${JSON.stringify(key)} would be a field of something that is no object`);
  }
  const fields = (data ?? {}) as Readonly<Record<string, unknown>>;
  return { ...fields, [key]: placeAt(own(fields, key), rest, value, text) };
}

const own = (fields: Readonly<Record<string, unknown>>, key: string) => (Object.hasOwn(fields, key) ? fields[key] : undefined);

const mismatch = (text: string, why: string) =>
  new StateFailed('States.ResultPathMatchFailure', `Unable to apply ReferencePath ${text} to input: ${why}`);
