/** Small state machines at random. They only go forward, so every one of them ends. */
import fc from 'fast-check';
import type { Behaviour } from './oracle.ts';

export interface Generated {
  readonly definition: object;
  readonly behaviours: Readonly<Record<string, Behaviour>>;
}

/** Every state puts its result under its own name, so that these fields stay where they are. */
export const inputs = fc.record({
  n: fc.integer({ min: -3, max: 9 }),
  text: fc.constantFrom('gce', 'aws', 'gce-b', ''),
  on: fc.boolean(),
  time: fc.constantFrom('2019-07-26T12:00:00Z', '2020-01-01T00:00:00Z'),
  list: fc.array(fc.integer({ min: 0, max: 5 }), { minLength: 1, maxLength: 4 }),
  o: fc.record({ a: fc.integer(), b: fc.constantFrom('x', 'y') }),
});

const errors = fc.constantFrom('RetryLater', 'Refused', 'OutOfCapacity');
const matchers = fc.constantFrom(['States.ALL'], ['States.TaskFailed'], ['RetryLater'], ['Refused', 'OutOfCapacity']);

/** JsonMerge gets a copy: the other interpreter writes into its first argument. */
const values = fc.constantFrom(
  '$.n',
  '$',
  '$.o',
  '$.o.b',
  '$.list',
  '$.list[0]',
  '$.list[0:2]',
  "$['text']",
  "States.Format('{}-{}', $.text, $.n)",
  'States.Array($.n, $.text, $.on, null)',
  'States.MathAdd($.n, 2)',
  'States.ArrayLength($.list)',
  'States.ArrayContains($.list, $.n)',
  'States.ArrayPartition($.list, 2)',
  'States.ArrayUnique($.list)',
  'States.ArrayRange(0, 6, 2)',
  'States.ArrayGetItem($.list, 0)',
  'States.JsonToString($.o)',
  'States.StringToJson(States.JsonToString($.o))',
  'States.JsonMerge(States.StringToJson(States.JsonToString($.o)), States.StringToJson(\'{"c":1}\'), false)',
  "States.Hash($.text, 'SHA-256')",
  'States.Base64Encode($.text)',
  "States.StringSplit('a,b,c', ',')",
);
const template = fc.record({ 'first.$': values, inner: fc.record({ 'second.$': values, plain: fc.constantFrom(1, 'one', null) }) });

const rules = fc.letrec((tie) => ({
  rule: fc.oneof({ depthSize: 'small' }, tie('comparison'), tie('combination')),
  combination: fc.oneof(
    fc.record({ And: fc.array(tie('rule'), { minLength: 1, maxLength: 3 }) }),
    fc.record({ Or: fc.array(tie('rule'), { minLength: 1, maxLength: 3 }) }),
    fc.record({ Not: tie('rule') }),
  ),
  comparison: fc.constantFrom(
    { Variable: '$.n', NumericEquals: 3 },
    { Variable: '$.n', NumericGreaterThanPath: '$.list[0]' },
    { Variable: '$.n', NumericLessThanEquals: 2 },
    { Variable: '$.text', StringEquals: 'gce' },
    { Variable: '$.text', StringMatches: 'gce*' },
    { Variable: '$.text', StringGreaterThan: 'b' },
    { Variable: '$.text', StringLessThanPath: '$.o.b' },
    { Variable: '$.on', BooleanEquals: true },
    { Variable: '$.time', TimestampLessThan: '2019-12-31T00:00:00Z' },
    { Variable: '$.time', TimestampEqualsPath: '$.time' },
    { Variable: '$.absent', IsPresent: true },
    { Variable: '$.list', IsNumeric: true },
    { Variable: '$.text', IsString: true },
  ),
})).rule;

const flow = fc.record(
  { InputPath: fc.constantFrom('$', '$.o', null), ResultPath: fc.constant(null), Parameters: template },
  { requiredKeys: [] },
);
const recovery = fc.record(
  {
    Retry: fc.array(fc.record({ ErrorEquals: matchers, MaxAttempts: fc.integer({ min: 0, max: 3 }) }), { maxLength: 2 }).map(wildcardLast),
    catches: fc.array(fc.record({ ErrorEquals: matchers }), { maxLength: 2 }).map(wildcardLast),
  },
  { requiredKeys: [] },
);

/** Beside others, how often a function is called depends on who is faster: it fails each time or never. */
const always = Number.POSITIVE_INFINITY;

function wildcardLast<T extends { readonly ErrorEquals: readonly string[] }>(list: readonly T[]): T[] {
  const all = list.filter(({ ErrorEquals }) => ErrorEquals.includes('States.ALL'));
  return [...list.filter((each) => !all.includes(each)), ...all.slice(0, 1)];
}

/** No Result of null: the other interpreter takes it for none. */
const draft = fc.oneof(
  fc.record({
    is: fc.constant('Pass' as const),
    flow,
    Result: fc.option(fc.constantFrom<unknown>(7, 'seven', { a: [7] }), { nil: undefined }),
  }),
  fc.record({ is: fc.constant('Wait' as const), by: fc.constantFrom({ Seconds: 1 }, { SecondsPath: '$.list[0]' }) }),
  fc.record({ is: fc.constant('Choice' as const), rules: fc.array(rules, { minLength: 1, maxLength: 3 }) }),
  fc.record({
    is: fc.constant('Task' as const),
    flow,
    recovery,
    failures: fc.integer({ min: 0, max: 4 }),
    error: errors,
    select: fc.boolean(),
  }),
  fc.record({
    is: fc.constant('Parallel' as const),
    recovery,
    branches: fc.integer({ min: 1, max: 3 }),
    fails: fc.boolean(),
    error: errors,
  }),
  fc.record({
    is: fc.constant('Map' as const),
    recovery,
    concurrency: fc.constantFrom(0, 1, 2),
    fails: fc.constantFrom(true, false, false),
    error: errors,
    item: fc.boolean(),
  }),
);
type Draft = typeof draft extends fc.Arbitrary<infer T> ? T : never;

export const machines: fc.Arbitrary<Generated> = fc
  .tuple(fc.array(draft, { minLength: 1, maxLength: 6 }), fc.array(fc.nat(), { minLength: 30, maxLength: 30 }))
  .map(([drafts, turns]) => assemble(drafts, turns));

/** `turns` picks, in order, where each edge leads: always to a later state. */
function assemble(drafts: readonly Draft[], turns: readonly number[]): Generated {
  const behaviours: Record<string, Behaviour> = {};
  const left = [...turns];
  const States: Record<string, object> = {};
  for (const [i, each] of drafts.entries()) {
    const later = () => `S${i + 1 + ((left.pop() ?? 0) % Math.max(1, drafts.length - i))}`;
    States[`S${i}`] = stateOf(each, `S${i}`, later, behaviours);
  }
  States[`S${drafts.length}`] = { Type: 'Succeed' };
  return {
    definition: { StartAt: 'S0', States: onlyReached(States) },
    behaviours,
  };
}

function stateOf(each: Draft, name: string, later: () => string, behaviours: Record<string, Behaviour>): object {
  const ResultPath = `$.${name}`;
  const own = (suffix: string, failures: number, error: string) => {
    behaviours[name + suffix] = { failures, error };
    return { [name + suffix]: { Type: 'Task', Resource: `arn:aws:lambda:us-east-1:000000000000:function:${name}${suffix}`, End: true } };
  };
  switch (each.is) {
    case 'Pass':
      return {
        Type: 'Pass',
        ...(each.Result !== undefined && { Result: each.Result }),
        ResultPath,
        ...each.flow,
        ...withParameters(each.flow),
        Next: later(),
      };
    case 'Wait':
      return { Type: 'Wait', ...each.by, Next: later() };
    case 'Choice':
      return { Type: 'Choice', Choices: each.rules.map((rule) => ({ ...(rule as object), Next: later() })), Default: later() };
    case 'Task': {
      const { End: _, ...task } = Object.values(own('', each.failures, each.error))[0]!;
      const selector = each.select ? { ResultSelector: { 'by.$': '$.by', 'all.$': '$' } } : {};
      return {
        ...task,
        ResultPath,
        ...each.flow,
        ...withParameters(each.flow),
        ...selector,
        ...recoveryOf(each.recovery, later),
        Next: later(),
      };
    }
    case 'Parallel': {
      const branch = (i: number) => one({ ...own(`b${i}`, i === 0 && each.fails ? always : 0, each.error) });
      return {
        Type: 'Parallel',
        Branches: Array.from({ length: each.branches }, (_, i) => branch(i)),
        ResultPath,
        ...recoveryOf(each.recovery, later),
        Next: later(),
      };
    }
    case 'Map': {
      const ItemProcessor = one(own('i', each.fails ? always : 0, each.error));
      const ItemSelector = { 'value.$': '$$.Map.Item.Value', 'index.$': '$$.Map.Item.Index', 'text.$': '$.text' };
      return {
        Type: 'Map',
        ItemsPath: '$.list',
        MaxConcurrency: each.concurrency,
        ...(each.item && { ItemSelector }),
        ItemProcessor,
        ResultPath,
        ...recoveryOf(each.recovery, later),
        Next: later(),
      };
    }
  }
}

const one = (States: object) => ({ StartAt: Object.keys(States)[0], States });

/** Parameters look at the whole input only. */
const withParameters = (flow: { readonly InputPath?: string | null; readonly Parameters?: object }) =>
  flow.Parameters === undefined ? {} : { InputPath: '$' };

interface Recovery {
  readonly Retry?: readonly object[];
  readonly catches?: readonly object[];
}

function recoveryOf({ Retry, catches }: Recovery, later: () => string) {
  const Catch = catches?.map((each) => ({ ...each, ResultPath: '$.failure', Next: later() }));
  return { ...(Retry?.length && { Retry }), ...(Catch?.length && { Catch }) };
}

function onlyReached(States: Record<string, object>): Record<string, object> {
  const reached = new Set(['S0']);
  for (const name of reached)
    for (const [, next] of JSON.stringify(States[name]).matchAll(/"(?:Next|Default)":"(S\d+)"/g)) reached.add(next!);
  return Object.fromEntries(Object.entries(States).filter(([name]) => reached.has(name)));
}
