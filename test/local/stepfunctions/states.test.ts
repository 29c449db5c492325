import { describe, expect, it } from '@jest/globals';
import { alone, failure, interpret, Named, outputOf, startedAt, task } from './interpret.ts';

const input = { machine: { name: 'worker-0', platform: 'gce' }, seconds: 7, list: [3, 1, 2] };

describe('Pass', () => {
  it.each([
    ['its input', {}, input],
    ['what InputPath leaves', { InputPath: '$.machine' }, input.machine],
    ['nothing, with InputPath null', { InputPath: null }, {}],
    ['its Result', { Result: [1] }, [1]],
    ['a Result that is null', { Result: null }, null],
    ['its Parameters, filled in', { Parameters: { 'name.$': '$.machine.name', kept: ['$.list'] } }, { name: 'worker-0', kept: ['$.list'] }],
    ['Parameters in lists and objects', { Parameters: { a: [{ 'b.$': '$.list[0]' }] } }, { a: [{ b: 3 }] }],
    [
      'its Result where ResultPath says',
      { Result: 1, ResultPath: '$.machine.index' },
      { ...input, machine: { ...input.machine, index: 1 } },
    ],
    ['its input, with ResultPath null', { Result: 1, ResultPath: null }, input],
    ['a Result in the raw input, whatever InputPath leaves', { InputPath: '$.list', ResultPath: '$.copy' }, { ...input, copy: input.list }],
    ['what OutputPath leaves', { OutputPath: '$.machine.platform' }, 'gce'],
    ['nothing, with OutputPath null', { OutputPath: null }, {}],
    ['a list for a path that may find several', { Parameters: { 'all.$': '$.list[*]' } }, { all: [3, 1, 2] }],
    ['an empty list when such a path finds none', { Parameters: { 'all.$': '$.absent[*]' } }, { all: [] }],
    ['the context object', { Parameters: { 'state.$': '$$.State.Name', 'name.$': '$$.Execution.Name' } }, { state: 'Only', name: 'one' }],
    ['the input of the execution', { InputPath: '$$.Execution.Input.list' }, input.list],
    ['the time of its start', { OutputPath: '$$.Execution.StartTime' }, new Date(startedAt).toISOString()],
  ])('gives %s', (_, fields, output) => {
    expect(outputOf({ Type: 'Pass', ...fields, End: true }, input)).toEqual(output);
  });

  it.each([
    [{ InputPath: '$.absent' }],
    [{ OutputPath: '$.absent' }],
    [{ Parameters: { 'a.$': '$.absent' } }],
    [{ Parameters: { 'a.$': "States.Format('{}', $.absent)" } }],
  ])('%j ends the execution with States.Runtime', (fields) => {
    const expected = failure('States.Runtime', "The path '$.absent' could not be found in the input");
    expect(outputOf({ Type: 'Pass', ...fields, End: true }, input)).toEqual(expected);
  });
});

describe('Task', () => {
  it('gives a function its input and passes on what it returns', () => {
    const double = { double: (n: unknown) => Number(n) * 2 };
    expect(outputOf(task('double', { InputPath: '$.seconds', End: true }), input, double)).toBe(14);
  });

  const invoke = (rest: object) => ({ Type: 'Task', Resource: 'arn:aws:states:::lambda:invoke', ...rest, End: true });
  const echo = { echo: (payload: unknown) => ({ got: payload }) };

  it('invokes the function that Parameters name and wraps what it returns', () => {
    const state = invoke({ Parameters: { FunctionName: 'echo', 'Payload.$': '$.machine' } });
    expect(outputOf(state, input, echo)).toEqual({ ExecutedVersion: '$LATEST', Payload: { got: input.machine }, StatusCode: 200 });
  });

  it('selects from the result, then puts it into the raw input, then takes a part', () => {
    const state = invoke({
      InputPath: '$.machine',
      Parameters: { 'FunctionName.$': "States.Format('{}', 'echo')", Payload: { 'who.$': '$.name' } },
      ResultSelector: { 'who.$': '$.Payload.got.who', 'state.$': '$$.State.Name' },
      ResultPath: '$.machine.said',
      OutputPath: '$.machine',
    });
    expect(outputOf(state, input, echo)).toEqual({ ...input.machine, said: { who: 'worker-0', state: 'Only' } });
  });

  it('fails with the name and message of what the function threw', () => {
    const refuse = () => {
      throw new Named('QuotaExceeded', 'no more addresses');
    };
    expect(outputOf(task('refuse'), {}, { refuse })).toEqual(failure('QuotaExceeded', 'no more addresses'));
  });

  it.each([
    ['a result', { Parameters: { FunctionName: 'large' } }],
    ['a payload', { Parameters: { FunctionName: 'echo', 'Payload.$': 'States.Array($.large, $.large)' } }],
  ])('fails with States.DataLimitExceeded when %s is larger than 256 KiB', (_, fields) => {
    const functions = { ...echo, large: () => 'x'.repeat(262_145) };
    const ending = outputOf(invoke(fields), { large: 'x'.repeat(140_000) }, functions);
    expect(ending).toMatchObject({ status: 'FAILED', failure: { error: 'States.DataLimitExceeded' } });
  });
});

describe('Wait', () => {
  const took = (fields: object, given: unknown = input) => interpret(alone({ Type: 'Wait', ...fields, End: true }), given).took;
  const inAMinute = new Date(startedAt + 60_000).toISOString();

  it.each([
    [{ Seconds: 5 }, 5_000],
    [{ Seconds: 0 }, 0],
    [{ SecondsPath: '$.seconds' }, 7_000],
    [{ SecondsPath: '$$.Execution.Input.seconds' }, 7_000],
    [{ Timestamp: inAMinute }, 60_000],
    [{ Timestamp: '2019-01-01T00:00:00Z' }, 0],
    [{ TimestampPath: '$.until' }, 60_000],
  ])('%j takes %d ms', (fields, ms) => {
    expect(took(fields, { ...input, until: inAMinute })).toBe(ms);
  });

  it.each([
    [{ SecondsPath: '$.machine' }, "SecondsPath '$.machine' must hold a whole number of seconds, 0 or more"],
    [{ SecondsPath: '$.list[0].x' }, "The path '$.list[0].x' could not be found in the input"],
    [{ TimestampPath: '$.seconds' }, "TimestampPath '$.seconds' must hold a time such as 2024-03-14T01:59:00Z"],
  ])('%j ends the execution with States.Runtime', (fields, cause) => {
    expect(outputOf({ Type: 'Wait', ...fields, End: true }, input)).toEqual(failure('States.Runtime', cause));
  });

  it('passes on its input', () => {
    expect(outputOf({ Type: 'Wait', Seconds: 1, InputPath: '$.machine', OutputPath: '$.name', End: true }, input)).toBe('worker-0');
  });
});

describe('Succeed and Fail', () => {
  it('Succeed ends the execution with its input', () => {
    expect(outputOf({ Type: 'Succeed', InputPath: '$.machine', OutputPath: '$.name' }, input)).toBe('worker-0');
  });

  it.each([
    [{ Error: 'Refused', Cause: 'no' }, 'Refused', 'no'],
    [{}, '', ''],
    [{ ErrorPath: '$.machine.name', CausePath: "States.Format('on {}', $.machine.platform)" }, 'worker-0', 'on gce'],
    [{ ErrorPath: '$.seconds' }, 'States.Runtime', "'$.seconds' must hold a string"],
    [{ CausePath: '$.absent' }, 'States.Runtime', "The path '$.absent' could not be found in the input"],
  ])('Fail with %j fails with %s: %s', (fields, error, cause) => {
    expect(outputOf({ Type: 'Fail', ...fields }, input)).toEqual(failure(error, cause));
  });
});

const one = (states: object, StartAt = Object.keys(states)[0]) => ({ StartAt, States: states });

describe('Parallel', () => {
  const branches = [
    one({ A: { Type: 'Wait', Seconds: 9, Next: 'B' }, B: task('double') }),
    one({ C: { Type: 'Pass', Result: 'c', End: true } }),
  ];
  const double = { double: (n: unknown) => Number(n) * 2 };

  it('gives the outputs of its branches in their order, whichever ends first', () => {
    expect(outputOf({ Type: 'Parallel', InputPath: '$.seconds', Branches: branches, End: true }, input, double)).toEqual([14, 'c']);
  });

  it('takes as long as its longest branch', () => {
    expect(interpret(alone({ Type: 'Parallel', Branches: [branches[0], branches[0]], End: true }), 1, double).took).toBe(9_000);
  });

  it('fails as the first branch that fails, and stops the others', () => {
    const Branches = [branches[0], one({ F: { Type: 'Fail', Error: 'Refused', Cause: 'no' } })];
    const { ending, entered, took } = interpret(alone({ Type: 'Parallel', Branches, End: true }), 1, double);
    expect(ending).toEqual(failure('Refused', 'no'));
    expect(entered).not.toContain('B');
    expect(took).toBe(0);
  });

  it('can catch what a branch failed with', () => {
    const Catch = [{ ErrorEquals: ['Refused'], ResultPath: '$.failure', Next: 'Rollback' }];
    const states = {
      Both: { Type: 'Parallel', Branches: [branches[0], one({ F: { Type: 'Fail', Error: 'Refused', Cause: 'no' } })], Catch, End: true },
      Rollback: { Type: 'Pass', End: true },
    };
    expect(interpret(one(states), { n: 1 }).ending).toEqual({
      status: 'SUCCEEDED',
      output: { n: 1, failure: { Error: 'Refused', Cause: 'no' } },
    });
  });
});

describe('Map', () => {
  const item = { 'index.$': '$$.Map.Item.Index', 'value.$': '$$.Map.Item.Value', 'of.$': '$.machine.name' };
  const each = (ItemProcessor: object, rest: object = {}) => ({ Type: 'Map', ItemsPath: '$.list', ItemProcessor, ...rest, End: true });
  const wait = one({ W: { Type: 'Wait', SecondsPath: '$', End: true } });

  it('gives the outputs in the order of the items', () => {
    expect(outputOf(each(wait), input)).toEqual([3, 1, 2]);
  });

  it('makes each input from the item and what the state sees', () => {
    const output = [3, 1, 2].map((value, index) => ({ index, value, of: 'worker-0' }));
    expect(outputOf(each(one({ P: { Type: 'Pass', End: true } }), { ItemSelector: item }), input)).toEqual(output);
  });

  it('shows its item to every state inside, and the outer item is hidden by the inner', () => {
    const inner = {
      Type: 'Map',
      ItemProcessor: one({ P: { Type: 'Pass', Parameters: { 'v.$': '$$.Map.Item.Value' }, End: true } }),
      End: true,
    };
    const outer = each(one({ I: inner }), { ItemsPath: '$' });
    expect(outputOf(outer, [[1], [2, 3]])).toEqual([[{ v: 1 }], [{ v: 2 }, { v: 3 }]]);
  });

  it.each([
    [0, 3_000],
    [1, 6_000],
    [2, 3_000],
  ])('with MaxConcurrency %d, waits of 3, 1 and 2 seconds take %d ms', (MaxConcurrency, ms) => {
    expect(interpret(alone(each(wait, { MaxConcurrency })), input).took).toBe(ms);
  });

  it('of no items gives no outputs', () => {
    expect(outputOf(each(wait), { list: [] })).toEqual([]);
  });

  it('of something that is no list ends with States.Runtime', () => {
    expect(outputOf(each(wait, { ItemsPath: '$.machine' }), input)).toEqual(
      failure('States.Runtime', "The items of a Map ('$.machine') must be a list"),
    );
  });

  it('fails as the first iteration that fails, and begins no other', () => {
    const refuse = (n: unknown) => {
      if (n === 1) throw new Named('Refused', 'one');
      return n;
    };
    const { ending, entered } = interpret(alone(each(one({ T: task('refuse') }), { MaxConcurrency: 1 })), input, { refuse });
    expect(ending).toEqual(failure('Refused', 'one'));
    expect(entered).toEqual(['Only', 'T', 'T']);
  });

  it('works through a thousand items', () => {
    const list = Array.from({ length: 1_000 }, (_, i) => i);
    expect(outputOf(each(one({ P: { Type: 'Pass', End: true } })), { list })).toEqual(list);
  });
});

describe('an execution', () => {
  it('times out when its state machine says', () => {
    const { ending, took } = interpret({ ...alone({ Type: 'Wait', Seconds: 100, End: true }), TimeoutSeconds: 10 });
    expect(ending).toEqual({ status: 'TIMED_OUT' });
    expect(took).toBe(10_000);
  });

  it('that goes in a circle ends at 25,000 events', () => {
    const { ending, history } = interpret(one({ A: { Type: 'Pass', Next: 'B' }, B: { Type: 'Pass', Next: 'A' } }));
    expect(history).toHaveLength(25_000);
    expect(ending).toEqual(failure('States.Runtime', 'The execution reached the maximum number of history events (25000).'));
  });
});
