import { describe, expect, it } from '@jest/globals';
import { StateMachine as OtherInterpreter } from 'aws-local-stepfunctions';
import { loadStateMachine } from '../../infra/local/stepfunctions/interpreter/load/load.ts';
import type { TaskState } from '../../shared/kinds/states-language.ts';
import { answer, sequence, step, toFailure, until } from '../../shared/kinds/workflow.ts';
import { workflows } from '../../shared/kinds/workflows.ts';

const { definition } = sequence('test', [step('Render'), until('Ensure', { cloud: true, comment: 'Asks the cloud' }), until('Await')], {
  comment: 'Makes one.',
});
const task = (name: string) => definition.States[name] as TaskState;

describe('a sequence', () => {
  it('reads as a sentence: each step, what its answer leads to, and the ends', () => {
    expect(Object.keys(definition.States)).toEqual([
      'Render',
      'Ensure',
      'Ensure settled?',
      'Pause before Ensure',
      'Await',
      'Await settled?',
      'Pause before Await',
      'Done',
      'Superseded',
      'HandedOver',
      'RecordFailure',
      'Failed',
    ]);
    expect(definition).toMatchObject({ Comment: 'Makes one.', StartAt: 'Render', TimeoutSeconds: 86_400 });
  });

  it('asks, looks and pauses until a step has settled', () => {
    expect(task('Render').Next).toBe('Ensure');
    expect(task('Ensure').Next).toBe('Ensure settled?');
    expect(definition.States['Ensure settled?']).toEqual({
      Type: 'Choice',
      Choices: [
        { Variable: '$.Ensure.superseded', BooleanEquals: true, Next: 'Superseded' },
        { Variable: '$.Ensure.settled', BooleanEquals: true, Next: 'Await' },
        { Variable: '$.Ensure.handOver', BooleanEquals: true, Next: 'HandedOver' },
      ],
      Default: 'Pause before Ensure',
    });
    expect(definition.States['Pause before Ensure']).toEqual({ Type: 'Wait', TimestampPath: '$.Ensure.checkAt', Next: 'Ensure' });
  });

  it('calls the steps of a cloud by the platform, and the others by one name', () => {
    expect(task('Await').Parameters).toMatchObject({ FunctionName: '$'.concat('{Steps}') });
    expect(task('Ensure').Parameters).toMatchObject({ 'FunctionName.$': `States.Format('${'$'.concat('{CloudSteps}')}-{}', $.platform)` });
  });

  it('tells a step what it is called for, how often it was tried, and how long the history may get', () => {
    const told = { step: 'Ensure', 'input.$': '$', 'execution.$': '$$.Execution.Name', 'retries.$': '$$.State.RetryCount' };
    // From Ensure on there may come 2 + 3 * 27 events for it and each of Await and RecordFailure, 2 for a look, 2 for the end.
    expect(task('Ensure').Parameters).toMatchObject({ Payload: { ...told, mostEvents: 20_000 - 3 * 83 - 2 - 2 } });
    expect(task('Await').Parameters).toMatchObject({ Payload: { mostEvents: 20_000 - 2 * 83 - 2 } });
  });

  it('carries the words of a step into its state', () => {
    expect(task('Ensure').Comment).toBe('Asks the cloud');
    expect(task('Await')).not.toHaveProperty('Comment');
  });

  it('has one failure exit, which every step but the exit itself leads to', () => {
    for (const name of ['Render', 'Ensure', 'Await']) {
      expect(task(name).Catch).toEqual([{ ErrorEquals: ['States.ALL'], ResultPath: '$.failure', Next: 'RecordFailure' }]);
    }
    expect(task('RecordFailure')).toMatchObject({ ResultPath: null, Next: 'Failed' });
    expect(task('RecordFailure').Catch).toBeUndefined();
  });

  it('retries no error that repeating does not help', () => {
    const retried = task('Ensure').Retry!.flatMap(({ ErrorEquals }) => ErrorEquals);
    expect(retried).toEqual(expect.arrayContaining(['RetryLater', 'Conflict', 'Lambda.ServiceException', 'States.Timeout']));
    for (const error of ['Invalid', 'Refused', 'QuotaExceeded', 'OutOfCapacity', 'NotFound', 'States.ALL'])
      expect(retried).not.toContain(error);
  });

  it('without a loop needs no early end', () => {
    const { definition: once } = sequence('once', [step('Only')]);
    expect(Object.keys(once.States)).toEqual(['Only', 'Done', 'RecordFailure', 'Failed']);
  });

  it('refuses two steps of one name', () => {
    expect(() => sequence('twice', [until('A'), until('A')])).toThrow('workflow twice: two steps have the same name: A, A');
  });
});

describe('an answer', () => {
  const now = Date.parse('2019-07-26T00:00:00Z');
  const call = (input: object) => ({ step: 'Await', input: { ...input }, execution: 'create-1' });

  it('has every field that the state machine reads', () => {
    const asked = answer(call({}), { settled: true, says: 'ready' }, now);
    expect(asked).toEqual({
      settled: true,
      says: 'ready',
      checkAt: '2019-07-26T00:00:05.000Z',
      superseded: false,
      handOver: false,
      round: 1,
      events: 8,
    });
    const selected = Object.keys(task('Await').ResultSelector!).map((key) => key.slice(0, -2));
    expect(Object.keys(asked).toSorted()).toEqual(selected.toSorted());
  });

  it.each([
    [0, '2019-07-26T00:00:00.100Z'],
    [0.25, '2019-07-26T00:00:00.250Z'],
    [60, '2019-07-26T00:01:00.000Z'],
  ])('that wants to be asked again in %d s is asked at %s', (checkAgainIn, checkAt) => {
    expect(answer(call({}), { settled: false, says: 'not yet', checkAgainIn }, now).checkAt).toBe(checkAt);
  });

  it('counts the rounds of its own step', () => {
    const input = { Ensure: { round: 7 }, Await: { round: 3 }, platform: 'gce', round: 'none', failure: null };
    expect(answer(call(input), { settled: false, says: 'not yet' }, now).round).toBe(4);
  });

  it.each([
    ['1 to start, 5 for the Task, 2 for the look', {}, { settled: true }, 0, 8],
    ['2 more for a pause', {}, { settled: false }, 0, 10],
    ['3 for each retry', {}, { settled: false }, 4, 22],
    ['after those of the latest answer', { Ensure: { round: 7, events: 80 }, Await: { round: 3, events: 107 } }, { settled: true }, 1, 117],
    ['after 9 for each round that nobody counted', { Ensure: { round: 7 }, Await: { round: 3 } }, { settled: false }, 0, 100],
  ])('counts events: %s', (_what, input, outcome, retries, events) => {
    expect(answer({ ...call(input), retries }, { says: '', ...outcome }, now).events).toBe(events);
  });

  it.each([
    ['one more round fits', 990, {}, false],
    ['it does not', 991, {}, true],
    ['it would, but for the retries', 990, { retries: 1 }, true],
    ['executions that began earlier have no limit of their own', 17_990, { mostEvents: undefined }, false],
    ['but one that all have', 17_995, { mostEvents: undefined }, true],
  ])('hands over when its loop has grown too long: %s', (_what, events, more, handOver) => {
    const long = { ...call({ Await: { round: 9, events } }), mostEvents: 999, ...more };
    expect(answer(long, { settled: false, says: 'not yet' }, now).handOver).toBe(handOver);
    expect(answer(long, { settled: true, says: 'ready' }, now).handOver).toBe(false);
    expect(answer(long, { settled: false, says: 'gone', superseded: true }, now).handOver).toBe(false);
  });

  it('hands over when its step says so', () => {
    expect(answer(call({}), { settled: false, says: 'enough', handOver: true }, now).handOver).toBe(true);
  });

  it('speaks one short sentence', () => {
    expect(answer(call({}), { settled: true, says: `a\n b${'.'.repeat(5_000)}` }, now).says).toBe(`a b${'.'.repeat(994)}…`);
  });
});

describe('a failure', () => {
  it('enters the history as it is', () => {
    const error = Object.assign(new Error('no more machines'), { name: 'QuotaExceeded' });
    expect(toFailure(error)).toBe(error);
    expect(toFailure('thrown by others')).toBe('thrown by others');
  });

  it('is shortened when it talks too long, and keeps the name that the state machine matches', () => {
    const long = Object.assign(new Error('€'.repeat(5_000)), { name: 'RetryLater' });
    const short = toFailure(long) as Error;
    expect(short.name).toBe('RetryLater');
    expect(Buffer.byteLength(short.message)).toBeLessThanOrEqual(4_000);
    expect(short.message.endsWith('€…')).toBe(true);
    expect(short.cause).toBe(long);
  });
});

describe('the workflows of the plane', () => {
  const substitutions = { Steps: 'steps', CloudSteps: 'clouds' };

  it.each(workflows.map((workflow) => [workflow.name, workflow] as const))('%s can be run', (name, workflow) => {
    expect(loadStateMachine(name, workflow.definition, substitutions)).toMatchObject({ TimeoutSeconds: 86_400 });
  });

  it('are what an independent interpreter takes, too', () => {
    const filled = loadStateMachine('test', definition, substitutions);
    expect(() => new OtherInterpreter(JSON.parse(JSON.stringify(filled)))).not.toThrow();
  });

  it('have names of their own', () => {
    expect(new Set(workflows.map(({ name }) => name)).size).toBe(workflows.length);
  });
});
