/** Arguments of intrinsic functions, each of the type that the function needs. */

/** The argument does not fit the function; the state fails with States.IntrinsicFailure. */
export class BadArgument extends Error {}

type Args = readonly unknown[];

const longestText = 10_000;

export function textAt(args: Args, i: number): string {
  const value = args[i];
  if (typeof value !== 'string') throw wrongType(i, 'a string', value);
  return value;
}

export function shortTextAt(args: Args, i: number): string {
  const value = textAt(args, i);
  if (value.length > longestText) throw new BadArgument(`argument ${i + 1} is longer than ${longestText} characters`);
  return value;
}

export function numberAt(args: Args, i: number): number {
  const value = args[i];
  if (typeof value !== 'number') throw wrongType(i, 'a number', value);
  return value;
}

export function wholeAt(args: Args, i: number): number {
  const value = numberAt(args, i);
  if (!Number.isInteger(value)) throw wrongType(i, 'a whole number', value);
  return value;
}

export function listAt(args: Args, i: number): readonly unknown[] {
  const value = args[i];
  if (!Array.isArray(value)) throw wrongType(i, 'a list', value);
  return value;
}

export function fieldsAt(args: Args, i: number): Readonly<Record<string, unknown>> {
  const value = args[i];
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw wrongType(i, 'an object', value);
  return value as Readonly<Record<string, unknown>>;
}

export function isTrueAt(args: Args, i: number): boolean {
  const value = args[i];
  if (typeof value !== 'boolean') throw wrongType(i, 'true or false', value);
  return value;
}

/** Names the type and never the value, which may be anything. */
const wrongType = (i: number, wanted: string, value: unknown) =>
  new BadArgument(`argument ${i + 1} must be ${wanted} and is ${value === null ? 'null' : Array.isArray(value) ? 'a list' : typeof value}`);
