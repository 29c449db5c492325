/** What each intrinsic function computes. Limits are those of AWS. */
import { createHash } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import { type Chance, uuid } from '../chance.ts';
import { BadArgument, fieldsAt, isTrueAt, listAt, numberAt, shortTextAt, textAt, wholeAt } from './arguments.ts';

type Args = readonly unknown[];

export interface IntrinsicFunction {
  /** Fewest and most arguments. */
  readonly takes: readonly [number, number];
  call(args: Args, chance: Chance): unknown;
}

const longestRange = 1_000;

/** Replaces each `{}`; `\{`, `\}`, `\'` and `\\` stand for themselves. */
function format([template, ...values]: Args): string {
  const left = [...values];
  const text = textAt([template], 0).replace(/\\(.)|\{\}/gs, (_, escaped: string | undefined) => {
    if (escaped !== undefined) return escaped;
    if (left.length === 0) throw new BadArgument(`there are more {} than values`);
    const value = left.shift();
    if (typeof value === 'object' && value !== null)
      throw new BadArgument('a value is a list or an object; wrap it in States.JsonToString');
    return String(value);
  });
  if (left.length > 0) throw new BadArgument(`there are ${left.length} more values than {}`);
  return text;
}

function stringToJson(args: Args): unknown {
  try {
    return JSON.parse(textAt(args, 0));
  } catch (error) {
    if (error instanceof SyntaxError) throw new BadArgument('the text is not JSON');
    throw error;
  }
}

function partition(args: Args): unknown[][] {
  const size = wholeAt(args, 1);
  if (size < 1) throw new BadArgument('the size of a part must be 1 or more');
  const list = listAt(args, 0);
  return Array.from({ length: Math.ceil(list.length / size) }, (_, i) => list.slice(i * size, (i + 1) * size));
}

function range(args: Args): number[] {
  const [first, last, by] = [wholeAt(args, 0), wholeAt(args, 1), wholeAt(args, 2)];
  if (by === 0) throw new BadArgument('the step must not be 0');
  const length = Math.max(0, Math.floor((last - first) / by) + 1);
  if (length > longestRange) throw new BadArgument(`${length} elements are more than ${longestRange}`);
  return Array.from({ length }, (_, i) => first + i * by);
}

function item(args: Args): unknown {
  const list = listAt(args, 0);
  const index = wholeAt(args, 1);
  if (index < 0 || index >= list.length) throw new BadArgument(`there is no element ${index} in a list of ${list.length}`);
  return list[index];
}

const algorithms: Readonly<Record<string, string>> = {
  MD5: 'md5',
  'SHA-1': 'sha1',
  'SHA-256': 'sha256',
  'SHA-384': 'sha384',
  'SHA-512': 'sha512',
};

function hash(args: Args): string {
  const algorithm = algorithms[textAt(args, 1)];
  if (algorithm === undefined) throw new BadArgument(`the algorithm must be one of ${Object.keys(algorithms).join(', ')}`);
  return createHash(algorithm).update(shortTextAt(args, 0)).digest('hex');
}

function merge(args: Args): unknown {
  if (isTrueAt(args, 2)) throw new BadArgument('the third argument must be false: there is no deep merge');
  return { ...fieldsAt(args, 0), ...fieldsAt(args, 1) };
}

/** From the first to below the second; with a seed, the same number each time. */
function random(args: Args, chance: Chance): number {
  const [from, below] = [wholeAt(args, 0), wholeAt(args, 1)];
  if (below <= from) throw new BadArgument('the second number must be greater than the first');
  const seeded =
    args.length === 3
      ? createHash('sha256')
          .update(String(numberAt(args, 2)))
          .digest()
          .readUInt32BE() /
        2 ** 32
      : chance.fraction();
  return from + Math.floor(seeded * (below - from));
}

/** Every character of the second text splits; nothing between two of them is no element. */
function split(args: Args): string[] {
  const splitters = new Set(textAt(args, 1));
  const parts = [''];
  for (const character of textAt(args, 0)) {
    if (splitters.has(character)) parts.push('');
    else parts[parts.length - 1] += character;
  }
  return parts.filter((part) => part !== '');
}

const unique = (list: readonly unknown[]) => list.filter((value, i) => list.findIndex((other) => isDeepStrictEqual(other, value)) === i);

export const functions: Readonly<Record<string, IntrinsicFunction>> = {
  'States.Format': { takes: [1, Number.POSITIVE_INFINITY], call: format },
  'States.StringToJson': { takes: [1, 1], call: stringToJson },
  'States.JsonToString': { takes: [1, 1], call: ([value]) => JSON.stringify(value) },
  'States.Array': { takes: [0, Number.POSITIVE_INFINITY], call: (args) => args },
  'States.ArrayPartition': { takes: [2, 2], call: partition },
  'States.ArrayContains': { takes: [2, 2], call: (args) => listAt(args, 0).some((value) => isDeepStrictEqual(value, args[1])) },
  'States.ArrayRange': { takes: [3, 3], call: range },
  'States.ArrayGetItem': { takes: [2, 2], call: item },
  'States.ArrayLength': { takes: [1, 1], call: (args) => listAt(args, 0).length },
  'States.ArrayUnique': { takes: [1, 1], call: (args) => unique(listAt(args, 0)) },
  'States.Base64Encode': { takes: [1, 1], call: (args) => Buffer.from(shortTextAt(args, 0)).toString('base64') },
  'States.Base64Decode': { takes: [1, 1], call: (args) => Buffer.from(shortTextAt(args, 0), 'base64').toString() },
  'States.Hash': { takes: [2, 2], call: hash },
  'States.JsonMerge': { takes: [3, 3], call: merge },
  'States.MathRandom': { takes: [2, 3], call: random },
  'States.MathAdd': { takes: [2, 2], call: (args) => numberAt(args, 0) + numberAt(args, 1) },
  'States.StringSplit': { takes: [2, 2], call: split },
  'States.UUID': { takes: [0, 0], call: (_, chance) => uuid(chance) },
};
