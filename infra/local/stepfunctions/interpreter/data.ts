/** How data flows into and out of a state: InputPath, Parameters, ResultSelector, ResultPath, OutputPath. */
import type { Chance } from './chance.ts';
import { runtimeError, StateFailed } from './failure.ts';
import { evaluate } from './intrinsics/evaluate.ts';
import { parseIntrinsic } from './intrinsics/expression.ts';
import { type Path, parsePath } from './paths/path.ts';
import { place } from './paths/place.ts';
import { select } from './paths/select.ts';

/** What paths and intrinsics of a state can see. */
export interface Sight {
  /** `$` */
  readonly data: unknown;
  /** `$$`, made only when something looks at it. */
  context(): unknown;
  readonly chance: Chance;
}

/** The bytes of JSON that a state may pass on. */
export const mostBytes = 262_144;

/** A definite path must find something; any other gives a list. */
export function read(path: Path, sight: Sight): unknown {
  const found = select(path, path.root === '$$' ? sight.context() : sight.data);
  if (!path.definite) return found;
  if (found.length === 0)
    throw runtimeError(`The path '${path.text}' could not be found in the ${path.root === '$$' ? 'context' : 'input'}`);
  return found[0];
}

/** The value of a path or an intrinsic, as the fields that end in `.$` and `ErrorPath` and `CausePath` hold them. */
export const computed = (text: string, sight: Sight): unknown =>
  text.startsWith('$')
    ? read(parsePath(text), sight)
    : evaluate(parseIntrinsic(text), { read: (path) => read(path, sight), chance: sight.chance });

/** Fills a payload template: every field that ends in `.$` gets the value of what it holds. */
export function fill(template: unknown, sight: Sight): unknown {
  if (Array.isArray(template)) return template.map((each) => fill(each, sight));
  if (typeof template !== 'object' || template === null) return template;
  const filled = Object.entries(template).map(([key, value]) =>
    key.endsWith('.$') ? [key.slice(0, -2), computed(value as string, sight)] : [key, fill(value, sight)],
  );
  return Object.fromEntries(filled);
}

/** InputPath and OutputPath: absent is everything, null is nothing. */
export function through(path: string | null | undefined, sight: Sight): unknown {
  if (path === undefined) return sight.data;
  return path === null ? {} : read(parsePath(path), sight);
}

/** ResultPath: absent replaces the input, null keeps it. */
export function combined(input: unknown, path: string | null | undefined, result: unknown): unknown {
  if (path === undefined) return result;
  return path === null ? input : place(input, parsePath(path), result);
}

/** The value, if it is small enough to be passed on. */
export function within<T>(value: T, what: string): T {
  const text = JSON.stringify(value) ?? '';
  // A UTF-16 unit is at most 3 bytes of UTF-8, so short texts need no counting.
  if (text.length * 3 <= mostBytes || Buffer.byteLength(text) <= mostBytes) return value;
  throw new StateFailed('States.DataLimitExceeded', `${what} has more than ${mostBytes} bytes. Pass large data by reference.`);
}
