import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { inputs, machines } from './generated.ts';
import { task } from './interpret.ts';
import { type Behaviour, functionsOf, ours, theirs } from './oracle.ts';

const one = (States: object) => ({ StartAt: Object.keys(States)[0], States });
const all = ['States.ALL'];

/** Create, poll until ready, or roll back and fail with what went wrong. */
const createMachine = one({
  Create: task('Create', {
    ResultPath: '$.instance',
    Retry: [{ ErrorEquals: ['RetryLater'], MaxAttempts: 2 }],
    Catch: [{ ErrorEquals: all, ResultPath: '$.failure', Next: 'Rollback' }],
    Next: 'Poll',
  }),
  Poll: task('Poll', { ResultPath: '$.poll', Next: 'Ready?' }),
  'Ready?': {
    Type: 'Choice',
    Choices: [
      {
        And: [
          { Variable: '$.poll.by', IsPresent: true },
          { Variable: '$.poll.by', StringEquals: 'Poll' },
        ],
        Next: 'Done',
      },
      { Variable: '$.poll.failed', BooleanEquals: true, Next: 'Rollback' },
    ],
    Default: 'Pause',
  },
  Pause: { Type: 'Wait', SecondsPath: '$.seconds', Next: 'Poll' },
  Done: { Type: 'Succeed', OutputPath: '$.instance' },
  Rollback: task('Rollback', { ResultPath: null, Next: 'Failed' }),
  Failed: { Type: 'Fail', ErrorPath: '$.failure.Error', CausePath: '$.failure.Cause' },
});

const nestedMaps = one({
  Rows: {
    Type: 'Map',
    ItemsPath: '$.rows',
    ItemSelector: { 'row.$': '$$.Map.Item.Value', 'index.$': '$$.Map.Item.Index', 'factor.$': '$.factor' },
    ItemProcessor: one({
      Row1cells: {
        Type: 'Map',
        ItemsPath: '$.row',
        ItemSelector: { 'cell.$': '$$.Map.Item.Value', 'at.$': '$$.Map.Item.Index' },
        ItemProcessor: one({ Row1cell: { Type: 'Pass', End: true } }),
        ResultPath: '$.cells',
        OutputPath: '$.cells',
        End: true,
      },
    }),
    ResultSelector: { 'first.$': '$[0]', 'count.$': 'States.ArrayLength($)' },
    End: true,
  },
});

const raised = one({
  Both: {
    Type: 'Parallel',
    Branches: [one({ Both1a: { Type: 'Fail', Error: 'Refused', Cause: 'no credentials' } }), one({ Both1b: { Type: 'Pass', End: true } })],
    Catch: [
      { ErrorEquals: ['OutOfCapacity'], Next: 'Never' },
      { ErrorEquals: ['Refused'], ResultPath: '$.failure', Next: 'Caught' },
    ],
    End: true,
  },
  Caught: { Type: 'Pass', Parameters: { 'why.$': '$.failure.Cause', 'kept.$': '$.kept' }, End: true },
  Never: { Type: 'Succeed' },
});

const never: Behaviour = { failures: 0, error: '' };
const always = { failures: Number.POSITIVE_INFINITY };
const create = { seconds: 1 };

describe('beside an independent interpreter', () => {
  it.each<[string, object, unknown, Record<string, Behaviour>]>([
    ['a machine that is created', createMachine, create, { Create: never, Poll: never }],
    ['one that is retried', createMachine, create, { Create: { failures: 2, error: 'RetryLater' }, Poll: never }],
    ['one that is rolled back', createMachine, create, { Create: { ...always, error: 'QuotaExceeded' }, Rollback: never }],
    ['one whose retries end', createMachine, create, { Create: { ...always, error: 'RetryLater' }, Rollback: never }],
    [
      'one whose rollback fails',
      createMachine,
      create,
      { Create: { ...always, error: 'Refused' }, Rollback: { ...always, error: 'Worse' } },
    ],
    ['maps in maps', nestedMaps, { rows: [[1, 2], [3], [4, 5]], factor: 2 }, {}],
    ['maps of nothing', nestedMaps, { rows: [[], []], factor: 2 }, {}],
    ['a failure raised in a branch', raised, { kept: [1, { a: null }] }, {}],
  ])('%s ends in the same way, through the same states', async (_, definition, input, behaviours) => {
    const expected = await theirs(definition, input, functionsOf(behaviours));
    expect(ours(definition, input, functionsOf(behaviours))).toEqual(expected);
  });

  it('generated state machines end in the same way, through the same states', async () => {
    const endings = new Set<string>();
    const property = fc.asyncProperty(machines, inputs, async ({ definition, behaviours }, input) => {
      const expected = await theirs(definition, input, functionsOf(behaviours));
      expect(ours(definition, input, functionsOf(behaviours))).toEqual(expected);
      endings.add(expected.error ?? 'no error');
    });
    await fc.assert(property, { numRuns: 200, seed: 2019 });
    expect([...endings]).toEqual(expect.arrayContaining(['no error', 'RetryLater', 'Refused', 'OutOfCapacity']));
  });
});
