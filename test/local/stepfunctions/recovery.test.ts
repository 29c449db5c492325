import { describe, expect, it } from '@jest/globals';
import { deliver } from '../../../infra/local/stepfunctions/interpreter/run/signals.ts';
import { failure, interpret, Named, start, startedAt, task } from './interpret.ts';

/** Fails so many times with an error, then gives its payload. */
function failing(times: number, name = 'RetryLater') {
  let called = 0;
  const work = (payload: unknown) => {
    called += 1;
    if (called <= times) throw new Named(name, `call ${called}`);
    return payload;
  };
  return { work, called: () => called };
}

const once = (rest: object) => ({ StartAt: 'Work', States: { Work: task('work', { ...rest, End: true }) } });

function run(rest: object, times: number, name?: string) {
  const { work, called } = failing(times, name);
  const { ending, took, transitions } = interpret(once(rest), 'in', { work });
  return { status: ending.status, called: called(), took, transitions };
}

describe('Retry', () => {
  it('tries three times more by default, after 1, 2 and 4 seconds', () => {
    const Retry = [{ ErrorEquals: ['RetryLater'] }];
    expect(run({ Retry }, 3)).toEqual({ status: 'SUCCEEDED', called: 4, took: 7_000, transitions: 4 });
    expect(run({ Retry }, 4)).toEqual({ status: 'FAILED', called: 4, took: 7_000, transitions: 4 });
  });

  it.each([
    [{ IntervalSeconds: 5, BackoffRate: 1 }, 3, 15_000],
    [{ IntervalSeconds: 2, BackoffRate: 1.5 }, 2, 5_000],
    [{ IntervalSeconds: 2, BackoffRate: 2, MaxDelaySeconds: 5, MaxAttempts: 9 }, 4, 2_000 + 4_000 + 5_000 + 5_000],
  ])('%j after %d failures waits %d ms in all', (retrier, times, ms) => {
    expect(run({ Retry: [{ ErrorEquals: ['RetryLater'], ...retrier }] }, times)).toMatchObject({ status: 'SUCCEEDED', took: ms });
  });

  it('with full jitter waits for anything between nothing and the whole', () => {
    const Retry = [{ ErrorEquals: ['RetryLater'], IntervalSeconds: 100, BackoffRate: 1, MaxAttempts: 40, JitterStrategy: 'FULL' }];
    const { took } = run({ Retry }, 40);
    expect(took).toBeGreaterThan(1_000_000);
    expect(took).toBeLessThan(3_000_000);
  });

  it('with MaxAttempts 0 does not try again', () => {
    expect(run({ Retry: [{ ErrorEquals: ['RetryLater'], MaxAttempts: 0 }] }, 1)).toMatchObject({ status: 'FAILED', called: 1 });
  });

  it.each([
    [['States.ALL'], 'Anything', true],
    [['States.TaskFailed'], 'Anything', true],
    [['States.TaskFailed'], 'States.Timeout', false],
    [['States.Timeout'], 'States.Timeout', true],
    [['Other', 'Anything'], 'Anything', true],
    [['Other'], 'Anything', false],
    [['States.ALL'], 'States.Runtime', false],
    [['States.Runtime'], 'States.Runtime', false],
    [['States.ALL'], 'States.DataLimitExceeded', false],
    [['States.DataLimitExceeded'], 'States.DataLimitExceeded', true],
  ])('%j for %s: %s', (ErrorEquals, error, retried) => {
    expect(run({ Retry: [{ ErrorEquals }] }, 1, error).called).toBe(retried ? 2 : 1);
  });

  it('counts each retrier for itself: the first that matches', () => {
    const Retry = [
      { ErrorEquals: ['Throttled'], MaxAttempts: 1, IntervalSeconds: 1 },
      { ErrorEquals: ['States.ALL'], MaxAttempts: 2, IntervalSeconds: 10, BackoffRate: 1 },
    ];
    const errors = ['Throttled', 'Other', 'Other'];
    let called = 0;
    const work = () => {
      const error = errors[called];
      called += 1;
      if (error !== undefined) throw new Named(error);
      return 'done';
    };
    expect(interpret(once({ Retry }), {}, { work })).toMatchObject({ ending: { status: 'SUCCEEDED' }, took: 21_000 });
    expect(called).toBe(4);
  });

  it('begins to count anew each time the state is entered', () => {
    const states = {
      Work: task('work', { Retry: [{ ErrorEquals: ['States.ALL'], MaxAttempts: 1 }], ResultPath: '$.round', Next: 'Again?' }),
      'Again?': { Type: 'Choice', Choices: [{ Variable: '$.round', NumericLessThan: 6, Next: 'Work' }], Default: 'Done' },
      Done: { Type: 'Succeed' },
    };
    let called = 0;
    const work = () => {
      called += 1;
      if (called % 2 === 1) throw new Named('Odd');
      return called;
    };
    expect(interpret({ StartAt: 'Work', States: states }, {}, { work }).ending.status).toBe('SUCCEEDED');
  });

  it('shows how often it tried in the context object', () => {
    const Parameters = { FunctionName: 'work', 'Payload.$': '$$.State.RetryCount' };
    const Retry = [{ ErrorEquals: ['States.ALL'] }];
    const Work = { Type: 'Task', Resource: 'arn:aws:states:::lambda:invoke', Parameters, Retry, OutputPath: '$.Payload', End: true };
    const { work } = failing(2);
    expect(interpret({ StartAt: 'Work', States: { Work } }, {}, { work }).ending).toEqual({ status: 'SUCCEEDED', output: 2 });
  });

  it('of a Parallel begins all branches anew', () => {
    const { work, called } = failing(1);
    const Branches = [once({}), once({})];
    const Both = { Type: 'Parallel', Branches, Retry: [{ ErrorEquals: ['States.ALL'] }], End: true };
    expect(interpret({ StartAt: 'Both', States: { Both } }, 'in', { work }).ending).toEqual({ status: 'SUCCEEDED', output: ['in', 'in'] });
    expect(called()).toBeGreaterThanOrEqual(3);
  });
});

describe('Catch', () => {
  const caught = (catcher: object, input: unknown = { a: 1 }, error = 'Refused') => {
    const States = {
      Work: task('work', {
        Retry: [{ ErrorEquals: ['RetryLater'] }],
        Catch: [{ Next: 'Caught', ...catcher }],
        OutputPath: '$.none',
        End: true,
      }),
      Caught: { Type: 'Pass', End: true },
    };
    return interpret({ StartAt: 'Work', States }, input, { work: failing(9, error).work }).ending;
  };
  const Refused = { Error: 'Refused', Cause: 'call 1' };

  it.each([
    ['replaces the input', {}, Refused],
    ['is put where ResultPath says', { ResultPath: '$.failure' }, { a: 1, failure: Refused }],
    ['is dropped with ResultPath null', { ResultPath: null }, { a: 1 }],
  ])('{Error, Cause} %s', (_, fields, output) => {
    expect(caught({ ErrorEquals: ['States.ALL'], ...fields })).toEqual({ status: 'SUCCEEDED', output });
  });

  it('comes after the last retry', () => {
    expect(caught({ ErrorEquals: ['States.ALL'] }, {}, 'RetryLater')).toEqual({
      status: 'SUCCEEDED',
      output: { Error: 'RetryLater', Cause: 'call 4' },
    });
  });

  it('does not catch what it does not name', () => {
    expect(caught({ ErrorEquals: ['Other'] })).toEqual(failure('Refused', 'call 1'));
  });

  it('does not catch States.Runtime', () => {
    const States = {
      Work: task('work', { InputPath: '$.absent', Catch: [{ ErrorEquals: ['States.ALL'], Next: 'Caught' }], End: true }),
      Caught: { Type: 'Succeed' },
    };
    expect(interpret({ StartAt: 'Work', States }).ending).toMatchObject({ status: 'FAILED', failure: { error: 'States.Runtime' } });
  });

  it('catches a result that has no place in the input', () => {
    const States = {
      Work: task('work', { ResultPath: '$.a.b', Catch: [{ ErrorEquals: ['States.ResultPathMatchFailure'], Next: 'Caught' }], End: true }),
      Caught: { Type: 'Pass', Result: 'caught', End: true },
    };
    expect(interpret({ StartAt: 'Work', States }, { a: 1 }, { work: () => 2 }).ending).toEqual({ status: 'SUCCEEDED', output: 'caught' });
  });

  it('whose own ResultPath does not fit fails with that', () => {
    expect(caught({ ErrorEquals: ['States.ALL'], ResultPath: '$.a.b' })).toMatchObject({
      failure: { error: 'States.ResultPathMatchFailure' },
    });
  });
});

describe('TimeoutSeconds of a Task', () => {
  it('fails it with States.Timeout, and an answer that comes later is not heard', () => {
    const States = {
      Work: task('work', { TimeoutSeconds: 5, Catch: [{ ErrorEquals: ['States.Timeout'], Next: 'Late' }], End: true }),
      Late: { Type: 'Wait', Seconds: 60, End: true },
    };
    const run = start({ StartAt: 'Work', States });
    const [call] = run.calls;
    deliver(run, { type: 'woken', at: startedAt + 4_999 });
    expect(run.root.state).toBe('Work');
    deliver(run, { type: 'woken', at: startedAt + 5_000 });
    expect(run.root.state).toBe('Late');
    deliver(run, { type: 'succeeded', at: startedAt + 6_000, ticket: call!.ticket, result: 'late' });
    expect(run.root.state).toBe('Late');
    deliver(run, { type: 'woken', at: startedAt + 65_000 });
    expect(run.ending).toMatchObject({ status: 'SUCCEEDED', output: { Error: 'States.Timeout' } });
  });
});
