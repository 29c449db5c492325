/** The fields that each state may have. What is not here is refused: JSONata, variables, heartbeats, distributed maps. */
import * as z from 'zod';
import { comparisons, fits, withPath } from '../comparisons.ts';
import { parseIntrinsic } from '../intrinsics/expression.ts';
import { Unreadable } from '../paths/cursor.ts';
import { type Path, parsePath } from '../paths/path.ts';

/** Text that a parser can read. */
function readable(parse: (text: string) => void) {
  return z.string().check((context) => {
    try {
      parse(context.value);
    } catch (error) {
      if (!(error instanceof Unreadable)) throw error;
      context.issues.push({ code: 'custom', message: error.message, input: context.value });
    }
  });
}

function definite(text: string): Path {
  const path = parsePath(text);
  if (!path.definite) throw new Unreadable(`'${text}' may find several values; one is needed here`);
  return path;
}

const path = readable(parsePath);
const onePath = readable(definite);
/** Where a result is put: in the data, never in the context. */
const resultPath = readable((text) => {
  if (definite(text).root === '$$') throw new Unreadable(`'${text}': the context object cannot be written to`);
});
const computed = readable((text) => void (text.startsWith('$') ? parsePath(text) : parseIntrinsic(text)));

/** A payload template: every field that ends in `.$` must be readable. */
const template = z.record(z.string(), z.unknown()).check((context) => {
  for (const { path, message } of faultsIn(context.value)) context.issues.push({ code: 'custom', path, message, input: context.value });
});

function faultsIn(value: unknown): { readonly path: string[]; readonly message: string }[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => {
    const faults = key.endsWith('.$') && !Array.isArray(value) ? (computed.safeParse(inner).error?.issues ?? []) : faultsIn(inner);
    return faults.map(({ path, message }) => ({ path: [key, ...path.map(String)], message }));
  });
}

const selects = { Comment: z.string().optional(), InputPath: path.nullish(), OutputPath: path.nullish() };
const goesOn = { Next: z.string().optional(), End: z.boolean().optional() };
const produces = { ResultSelector: template.optional(), ResultPath: resultPath.nullish() };
const errorNames = z.array(z.string()).min(1);
const seconds = z.int().min(1).max(99_999_999);
const recovers = {
  Retry: z
    .array(
      z.strictObject({
        ErrorEquals: errorNames,
        IntervalSeconds: seconds.optional(),
        MaxAttempts: z.int().min(0).max(99_999_999).optional(),
        BackoffRate: z.number().min(1).optional(),
        MaxDelaySeconds: z.int().min(1).max(31_622_400).optional(),
        JitterStrategy: z.enum(['FULL', 'NONE']).optional(),
      }),
    )
    .optional(),
  Catch: z.array(z.strictObject({ ErrorEquals: errorNames, ResultPath: resultPath.nullish(), Next: z.string() })).optional(),
};

const timestamp = z.string().refine((text) => fits('timestamp', text), 'must be a time such as 2024-03-14T01:59:00Z');
const rightSides = { string: z.string(), number: z.number(), boolean: z.boolean(), timestamp };
const operators = {
  ...Object.fromEntries(Object.entries(comparisons).map(([name, { right }]) => [name, rightSides[right].optional()])),
  ...Object.fromEntries(Object.keys(withPath).map((name) => [`${name}Path`, onePath.optional()])),
};
const operatorNames = Object.keys(operators);

const nested: z.ZodType = z.lazy(() => rule({}));
/** A rule has `Variable` and one operator, or one of And, Or, Not. */
function rule(extra: z.ZodRawShape) {
  const combining = { And: z.array(nested).min(1).optional(), Or: z.array(nested).min(1).optional(), Not: nested.optional() };
  return z.strictObject({ Variable: onePath.optional(), ...operators, ...combining, ...extra }).check((context) => {
    const keys = Object.keys(context.value);
    const compares = keys.filter((key) => operatorNames.includes(key));
    const combines = keys.filter((key) => key in combining);
    const isComparison = compares.length === 1 && combines.length === 0 && keys.includes('Variable');
    const isCombination = compares.length === 0 && combines.length === 1 && !keys.includes('Variable');
    if (isComparison || isCombination) return;
    context.issues.push({ code: 'custom', message: 'needs Variable and one operator, or one of And, Or and Not', input: context.value });
  });
}

const task = z.strictObject({
  Type: z.literal('Task'),
  ...selects,
  ...goesOn,
  ...produces,
  ...recovers,
  Resource: z
    .string()
    .regex(
      /^arn:[\w-]+:(states:::lambda:invoke|lambda:[\w-]*:\d*:function:[\w:$-]+)$/,
      'must be arn:aws:states:::lambda:invoke or the ARN of a function; no other integration is supported here',
    ),
  Parameters: template.optional(),
  TimeoutSeconds: seconds.optional(),
});
const pass = z.strictObject({
  Type: z.literal('Pass'),
  ...selects,
  ...goesOn,
  Parameters: template.optional(),
  Result: z.unknown().optional(),
  ResultPath: resultPath.nullish(),
});
const wait = z.strictObject({
  Type: z.literal('Wait'),
  ...selects,
  ...goesOn,
  Seconds: z.int().min(0).max(99_999_999).optional(),
  SecondsPath: onePath.optional(),
  Timestamp: timestamp.optional(),
  TimestampPath: onePath.optional(),
});
const choice = z.strictObject({
  Type: z.literal('Choice'),
  ...selects,
  Choices: z.array(rule({ Next: z.string(), Comment: z.string().optional() })).min(1),
  Default: z.string().optional(),
});
const succeed = z.strictObject({ Type: z.literal('Succeed'), ...selects });
const fail = z.strictObject({
  Type: z.literal('Fail'),
  Comment: z.string().optional(),
  Error: z.string().optional(),
  ErrorPath: computed.optional(),
  Cause: z.string().optional(),
  CausePath: computed.optional(),
});
const states = (extra: z.ZodRawShape) =>
  z.strictObject({ Comment: z.string().optional(), StartAt: z.string(), States: z.lazy(() => z.record(stateName, state)), ...extra });
const parallel = z.strictObject({
  Type: z.literal('Parallel'),
  ...selects,
  ...goesOn,
  ...produces,
  ...recovers,
  Parameters: template.optional(),
  Branches: z.array(states({})).min(1),
});
const map = z.strictObject({
  Type: z.literal('Map'),
  ...selects,
  ...goesOn,
  ...produces,
  ...recovers,
  ItemsPath: onePath.optional(),
  ItemSelector: template.optional(),
  ItemProcessor: states({ ProcessorConfig: z.strictObject({ Mode: z.literal('INLINE') }).optional() }),
  MaxConcurrency: z.int().min(0).optional(),
});

const stateName = z.string().min(1).max(80);
const state: z.ZodType = z.discriminatedUnion('Type', [task, pass, wait, choice, succeed, fail, parallel, map]);

const QueryLanguage = z.literal('JSONPath').optional();

export const stateMachine = states({ Version: z.literal('1.0').optional(), TimeoutSeconds: seconds.optional(), QueryLanguage });
