import { describe, expect, it } from '@jest/globals';
import type { HistoryEvent } from '../../../infra/local/stepfunctions/interpreter/run/run.ts';
import { deliver } from '../../../infra/local/stepfunctions/interpreter/run/signals.ts';
import { type Functions, interpret, Named, start, startedAt, task } from './interpret.ts';

/** `id<previous type`, as one reads it in the console. */
const lines = (history: readonly HistoryEvent[]) => history.map(({ id, previousEventId, type }) => `${id}<${previousEventId} ${type}`);
const written = (States: object, input: unknown = {}, functions: Functions = {}) =>
  lines(interpret({ StartAt: Object.keys(States)[0], States }, input, functions).history);
const one = (States: object) => ({ StartAt: Object.keys(States)[0], States });
const refuse = () => {
  throw new Named('Refused', 'no');
};

describe('the history', () => {
  it('of a Pass, where the first state follows nothing', () => {
    expect(written({ P: { Type: 'Pass', End: true } })).toEqual([
      '1<0 ExecutionStarted',
      '2<0 PassStateEntered',
      '3<2 PassStateExited',
      '4<3 ExecutionSucceeded',
    ]);
  });

  it('of a task that fails, is tried again, and succeeds', () => {
    let called = 0;
    const work = () => {
      called += 1;
      return called === 1 ? refuse() : 'done';
    };
    const Retry = [{ ErrorEquals: ['States.ALL'] }];
    const T = { Type: 'Task', Resource: 'arn:aws:states:::lambda:invoke', Parameters: { FunctionName: 'work' }, Retry, End: true };
    expect(written({ T }, {}, { work })).toEqual([
      '1<0 ExecutionStarted',
      '2<0 TaskStateEntered',
      '3<2 TaskScheduled',
      '4<3 TaskStarted',
      '5<4 TaskFailed',
      '6<5 TaskScheduled',
      '7<6 TaskStarted',
      '8<7 TaskSucceeded',
      '9<8 TaskStateExited',
      '10<9 ExecutionSucceeded',
    ]);
  });

  it('of a function called by its ARN, whose failure is caught', () => {
    const T = task('refuse', { Catch: [{ ErrorEquals: ['Refused'], Next: 'F' }], End: true });
    expect(written({ T, F: { Type: 'Fail' } }, {}, { refuse })).toEqual([
      '1<0 ExecutionStarted',
      '2<0 TaskStateEntered',
      '3<2 LambdaFunctionScheduled',
      '4<3 LambdaFunctionStarted',
      '5<4 LambdaFunctionFailed',
      '6<5 TaskStateExited',
      '7<6 FailStateEntered',
      '8<7 ExecutionFailed',
    ]);
  });

  it('of a round of Ask, Choice and Wait: nine events', () => {
    const States = {
      Ask: task('ask', { ResultPath: '$.n', Next: 'Settled?' }),
      'Settled?': { Type: 'Choice', Choices: [{ Variable: '$.n', NumericEquals: 2, Next: 'Done' }], Default: 'Pause' },
      Pause: { Type: 'Wait', Seconds: 5, Next: 'Ask' },
      Done: { Type: 'Succeed' },
    };
    let n = 0;
    const ask = () => {
      n += 1;
      return n;
    };
    expect(written(States, {}, { ask }).slice(6, 15)).toEqual([
      '7<6 ChoiceStateEntered',
      '8<7 ChoiceStateExited',
      '9<8 WaitStateEntered',
      '10<9 WaitStateExited',
      '11<10 TaskStateEntered',
      '12<11 LambdaFunctionScheduled',
      '13<12 LambdaFunctionStarted',
      '14<13 LambdaFunctionSucceeded',
      '15<14 TaskStateExited',
    ]);
  });

  it('of a Parallel, whose branches each follow its start', () => {
    const branch = (name: string) => one({ [name]: { Type: 'Pass', End: true } });
    expect(written({ Both: { Type: 'Parallel', Branches: [branch('A'), branch('B')], End: true } })).toEqual([
      '1<0 ExecutionStarted',
      '2<0 ParallelStateEntered',
      '3<2 ParallelStateStarted',
      '4<3 PassStateEntered',
      '5<4 PassStateExited',
      '6<3 PassStateEntered',
      '7<6 PassStateExited',
      '8<7 ParallelStateSucceeded',
      '9<8 ParallelStateExited',
      '10<9 ExecutionSucceeded',
    ]);
  });

  it('of a Map, one of whose iterations fails', () => {
    const ItemProcessor = one({ T: task('refuse') });
    expect(written({ Each: { Type: 'Map', ItemProcessor, End: true } }, [1, 2], { refuse })).toEqual([
      '1<0 ExecutionStarted',
      '2<0 MapStateEntered',
      '3<2 MapStateStarted',
      '4<3 MapIterationStarted',
      '5<3 MapIterationStarted',
      '6<4 TaskStateEntered',
      '7<6 LambdaFunctionScheduled',
      '8<7 LambdaFunctionStarted',
      '9<5 TaskStateEntered',
      '10<9 LambdaFunctionScheduled',
      '11<10 LambdaFunctionStarted',
      '12<8 LambdaFunctionFailed',
      '13<12 MapIterationFailed',
      '14<11 TaskStateAborted',
      '15<14 MapIterationAborted',
      '16<13 MapStateFailed',
      '17<16 ExecutionFailed',
    ]);
  });

  it('of an execution that is stopped while it waits', () => {
    const history: HistoryEvent[] = [];
    const run = start({ StartAt: 'W', States: { W: { Type: 'Wait', Seconds: 60, End: true } } }, {}, (event) => history.push(event));
    deliver(run, { type: 'stopped', at: startedAt + 5, error: 'Stopped', cause: 'by hand' });
    expect(lines(history)).toEqual(['1<0 ExecutionStarted', '2<0 WaitStateEntered', '3<2 WaitStateAborted', '4<3 ExecutionAborted']);
    expect(history.at(-1)).toMatchObject({
      timestamp: startedAt + 5,
      executionAbortedEventDetails: { error: 'Stopped', cause: 'by hand' },
    });
  });

  it('tells what went in and out, under the names that AWS uses', () => {
    const T = {
      Type: 'Task',
      Resource: 'arn:aws:states:::lambda:invoke',
      Parameters: { FunctionName: 'echo', 'Payload.$': '$' },
      TimeoutSeconds: 9,
      ResultSelector: { 'said.$': '$.Payload' },
      End: true,
    };
    const { history } = interpret(one({ T }), { a: 1 }, { echo: (payload) => payload });
    const lambda = { resourceType: 'lambda', resource: 'invoke' };
    const whole = { truncated: false };
    const parameters = '{"FunctionName":"echo","Payload":{"a":1}}';
    const output = '{"ExecutedVersion":"$LATEST","Payload":{"a":1},"StatusCode":200}';
    expect(history.map(({ id: _, previousEventId: __, timestamp: ___, type: ____, ...details }) => details)).toEqual([
      { executionStartedEventDetails: { input: '{"a":1}', inputDetails: whole, roleArn: 'arn:aws:iam::000000000000:role/test' } },
      { stateEnteredEventDetails: { name: 'T', input: '{"a":1}', inputDetails: whole } },
      { taskScheduledEventDetails: { ...lambda, region: 'us-east-1', parameters, timeoutInSeconds: 9 } },
      { taskStartedEventDetails: lambda },
      { taskSucceededEventDetails: { ...lambda, output, outputDetails: whole } },
      { stateExitedEventDetails: { name: 'T', output: '{"said":{"a":1}}', outputDetails: whole } },
      { executionSucceededEventDetails: { output: '{"said":{"a":1}}', outputDetails: whole } },
    ]);
  });
});
