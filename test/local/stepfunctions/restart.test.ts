import { copyFileSync, existsSync, readFileSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DescribeExecutionCommand, GetExecutionHistoryCommand, SFNClient } from '@aws-sdk/client-sfn';
import { afterAll, describe, expect, it } from '@jest/globals';
import { createStepFunctions, type StepFunctions } from '../../../infra/local/stepfunctions/step-functions.ts';
import type { StateMachine } from '../../../shared/kinds/states-language.ts';
import { seededRandom, type VirtualClock, virtualClock } from '../../clock.ts';
import { folder, removeFolders } from './folder.ts';
import { Named } from './interpret.ts';

afterAll(removeFolders);

const invoke = (FunctionName: string, Payload: object) => ({
  Type: 'Task' as const,
  Resource: 'arn:aws:states:::lambda:invoke',
  Parameters: { FunctionName, Payload },
  ResultSelector: { 'said.$': '$.Payload' },
});

/** Tries, polls, and does several things beside each other: all that must be taken up again. */
const busy: StateMachine = {
  StartAt: 'Try',
  TimeoutSeconds: 3_600,
  States: {
    Try: {
      ...invoke('try', { 'n.$': '$.n', 'tried.$': '$$.State.RetryCount' }),
      ResultPath: '$.try',
      Retry: [{ ErrorEquals: ['RetryLater'], MaxAttempts: 5, JitterStrategy: 'FULL' }],
      Catch: [{ ErrorEquals: ['Refused'], ResultPath: '$.failure', Next: 'Failed' }],
      Next: 'Each',
    },
    Each: {
      Type: 'Map',
      ItemsPath: '$.items',
      MaxConcurrency: 2,
      ItemProcessor: {
        StartAt: 'Rest',
        States: { Rest: { Type: 'Wait', SecondsPath: '$', Next: 'Double' }, Double: { ...invoke('double', { 'n.$': '$' }), End: true } },
      },
      ResultPath: '$.doubled',
      Next: 'Ask',
    },
    Ask: { ...invoke('ask', { 'round.$': '$.round' }), ResultPath: '$.asked', Next: 'Enough?' },
    'Enough?': { Type: 'Choice', Choices: [{ Variable: '$.asked.said', NumericGreaterThanEquals: 3, Next: 'Done' }], Default: 'Pause' },
    Pause: { Type: 'Wait', Seconds: 2, Next: 'Count' },
    Count: { Type: 'Pass', InputPath: '$.asked.said', ResultPath: '$.round', Next: 'Ask' },
    Done: { Type: 'Succeed' },
    Failed: { Type: 'Fail', ErrorPath: '$.failure.Error', Cause: 'as told' },
  },
};

interface Payload {
  readonly n: number;
  readonly tried: number;
  readonly round: number;
}

/** Answers depend on the question alone, so a task that is called twice answers twice the same. */
const functions: Readonly<Record<string, (payload: Payload) => unknown>> = {
  try({ n, tried }) {
    if (n % 7 === 6) throw new Named('Refused');
    if (tried < n % 3) throw new Named('RetryLater');
    return `tried ${tried}`;
  },
  double: ({ n }) => 2 * n,
  ask: ({ round }) => round + 1,
};

const count = 24;
const inputOf = (n: number) => ({ n, round: 0, items: [n % 2, 3, n % 5] });

const open = (dataDir: string, clock: VirtualClock, rest: object = {}) =>
  createStepFunctions({
    machines: { busy },
    invoke: async (name, payload) => functions[name]!(payload as Payload),
    clock,
    random: seededRandom(42),
    dataDir,
    ...rest,
  });

const startAll = async (sf: StepFunctions) => {
  for (let n = 0; n < count; n++) await sf.start('busy', `busy-${n}`, inputOf(n));
};

const endings = (sf: StepFunctions) => Promise.all(Array.from({ length: count }, (_, n) => sf.describe('busy', `busy-${n}`)));

/** What a power cut leaves: the file as it is, less some bytes of its end. */
function crashImage(dir: string, torn: number): string {
  const image = folder();
  const [from, to] = [join(dir, 'executions.jsonl'), join(image, 'executions.jsonl')];
  if (!existsSync(from)) return image;
  copyFileSync(from, to);
  truncateSync(to, Math.max(0, statSync(to).size - torn));
  return image;
}

async function endUndisturbed() {
  const clock = virtualClock();
  const sf = await open(folder(), clock);
  await startAll(sf);
  await clock.advance(600_000);
  const ended = await endings(sf);
  await sf.close();
  return ended;
}

const undisturbed = endUndisturbed();

describe('executions', () => {
  it.each([1, 2, 3, 4])('end with the same results however often the host is killed (seed %d)', async (seed) => {
    const chance = seededRandom(seed);
    const byte = () => chance.bytes(1)[0]!;
    const clock = virtualClock();
    let dir = folder();
    for (let crash = 0; crash < 6; crash++) {
      const sf = await open(dir, clock);
      await startAll(sf);
      await clock.advance(byte() * 20);
      dir = crashImage(dir, byte() % 3 === 0 ? byte() * 4 : 0);
      await sf.close();
    }
    const sf = await open(dir, clock);
    await startAll(sf);
    await clock.advance(600_000);
    const ended = await endings(sf);
    await sf.close();
    expect(ended).toEqual(await undisturbed);
    expect(new Set(ended.map((each) => each?.status))).toEqual(new Set(['SUCCEEDED', 'FAILED']));
  });

  it('keep their history, event by event, over a restart', async () => {
    const clock = virtualClock();
    const dir = folder();
    const executionArn = 'arn:aws:states:us-east-1:000000000000:execution:busy:busy-5';
    const ask = async (sf: StepFunctions) => {
      const client = new SFNClient({ endpoint: sf.url, region: 'us-east-1', credentials: { accessKeyId: 'a', secretAccessKey: 'b' } });
      const { events } = await client.send(new GetExecutionHistoryCommand({ executionArn, maxResults: 1000 }));
      const { status, input } = await client.send(new DescribeExecutionCommand({ executionArn }));
      client.destroy();
      return { events: events!, status, input };
    };
    const first = await open(dir, clock);
    await startAll(first);
    await clock.advance(5_000);
    const before = await ask(first);
    await first.close();

    const second = await open(dir, clock);
    const after = await ask(second);
    expect(after).toEqual(before);
    expect(after.status).toBe('RUNNING');
    await clock.advance(600_000);
    const whole = await ask(second);
    expect(whole.events.slice(0, before.events.length)).toEqual(before.events);
    await second.close();

    const third = await open(dir, clock);
    expect(await ask(third)).toEqual(whole);
    await third.close();
  });

  it('wait until the time that was set before the restart, not from the restart on', async () => {
    const clock = virtualClock();
    const dir = folder();
    const machines = { nap: { StartAt: 'Nap', States: { Nap: { Type: 'Wait', Seconds: 100, End: true } } } };
    const first = await open(dir, clock, { machines });
    await first.start('nap', 'one', {});
    await first.close();
    await clock.advance(99_000);
    const second = await open(dir, clock, { machines });
    await clock.advance(999);
    expect(await second.describe('nap', 'one')).toMatchObject({ status: 'RUNNING' });
    await clock.advance(1);
    expect(await second.describe('nap', 'one')).toMatchObject({ status: 'SUCCEEDED' });
    await second.close();
  });

  it('end under the definition they began with', async () => {
    const clock = virtualClock();
    const dir = folder();
    const machine = (Result: string) => ({
      machines: {
        nap: { StartAt: 'Nap', States: { Nap: { Type: 'Wait', Seconds: 9, Next: 'Say' }, Say: { Type: 'Pass', Result, End: true } } },
      },
    });
    const first = await open(dir, clock, machine('old'));
    await first.start('nap', 'one', {});
    await first.close();
    const second = await open(dir, clock, machine('new'));
    await second.start('nap', 'two', {});
    await clock.advance(9_000);
    expect([await second.describe('nap', 'one'), await second.describe('nap', 'two')]).toMatchObject([
      { output: 'old' },
      { output: 'new' },
    ]);
    await second.close();
  });

  it('tell of a damaged journal, and where', async () => {
    const dir = folder();
    const first = await open(dir, virtualClock());
    await first.start('busy', 'busy-0', inputOf(0));
    await first.close();
    const path = join(dir, 'executions.jsonl');
    writeFileSync(path, `{"damaged\n${readFileSync(path, 'utf8')}`);
    await expect(open(dir, virtualClock())).rejects.toThrow('executions.jsonl was damaged: line 1 is not JSON');
  });
});
