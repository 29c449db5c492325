import { afterEach, describe, expect, it } from '@jest/globals';
import { createStepFunctions, type ExecutionEnded, type StepFunctions } from '../../../infra/local/stepfunctions/step-functions.ts';
import { answer, type StepCall, sequence, step, until } from '../../../shared/kinds/workflow.ts';
import { seededRandom, virtualClock } from '../../clock.ts';

const createMachine = sequence('create-machine', [
  step('RenderBootstrap'),
  until('EnsureInstance', { cloud: true }),
  until('AttachAddress', { cloud: true }),
  until('AwaitNode'),
]);

let sf: StepFunctions;
afterEach(() => sf.close());

/** Each `until` settles when it is asked for the third time, unless `says` knows better. */
async function open(says: (call: StepCall) => object | undefined = () => undefined) {
  const clock = virtualClock();
  const ends: ExecutionEnded[] = [];
  const calls: string[] = [];
  sf = await createStepFunctions({
    machines: { [createMachine.name]: createMachine.definition },
    substitutions: { Steps: 'steps', CloudSteps: 'clouds' },
    async invoke(name, payload) {
      const call = payload as StepCall;
      calls.push(`${name} ${call.step}`);
      const { round = 0 } = (call.input[call.step] ?? {}) as { round?: number };
      const said = says(call) ?? { settled: round >= 2, checkAgainIn: 1 + round };
      return answer(call, { settled: false, says: `round ${round}`, ...said }, clock.now());
    },
    clock,
    random: seededRandom(3),
    ended: (event) => ends.push(event),
  });
  return { clock, ends, calls };
}

describe('a host', () => {
  it('takes a thousand machines through their workflow beside each other', async () => {
    const { clock, ends, calls } = await open();
    await Promise.all(Array.from({ length: 1_000 }, (_, i) => sf.start('create-machine', `create-${i}-1`, { platform: 'gce', i })));
    await clock.advance(60_000);
    expect(ends.map(({ status }) => status)).toEqual(Array.from({ length: 1_000 }, () => 'SUCCEEDED'));
    expect(new Set(ends.map(({ name }) => name)).size).toBe(1_000);
    // Once, and three times three.
    expect(calls).toHaveLength(10_000);
    // A Task; three times Task, Choice, Wait, Task, Choice, Wait, Task, Choice; Done.
    expect(sf.transitions()).toBe(1_000 * (1 + 3 * 8 + 1));
  });

  it('has the steps of a cloud carried out by the function of the platform', async () => {
    const { clock, calls } = await open(() => ({ settled: true }));
    await sf.start('create-machine', 'one', { platform: 'aws' });
    await clock.advance(0);
    expect(calls).toEqual(['steps RenderBootstrap', 'clouds-aws EnsureInstance', 'clouds-aws AttachAddress', 'steps AwaitNode']);
  });

  it('ends an execution whose step says that it is superseded, with success and in words', async () => {
    const { clock, ends } = await open(({ step }) =>
      step === 'AttachAddress' ? { superseded: true, says: 'it is being deleted' } : { settled: true },
    );
    await sf.start('create-machine', 'one', { platform: 'aws' });
    await clock.advance(0);
    expect(ends).toMatchObject([{ status: 'SUCCEEDED', output: { AttachAddress: { says: 'it is being deleted', superseded: true } } }]);
  });

  it('hands over to the next execution before the history is full', async () => {
    const { clock, ends, calls } = await open(({ step }) => (step === 'AwaitNode' ? { checkAgainIn: 1 } : { settled: true }));
    await sf.start('create-machine', 'one', { platform: 'aws' });
    await clock.advance(2_500_000);
    expect(ends).toMatchObject([{ status: 'SUCCEEDED', output: { AwaitNode: { handOver: true, settled: false } } }]);
    // Three steps that settle, and rounds of 9 events up to where one more could pass 20,000 if it failed after 2 * 26 retries.
    expect(calls.length).toBe(3 + 2_202);
  });

  it('records a failure by the one failure exit, then fails with it', async () => {
    const failures: unknown[] = [];
    const { clock, ends } = await open(({ step, input }) => {
      if (step === 'RecordFailure') failures.push(input.failure);
      if (step === 'EnsureInstance') throw Object.assign(new Error('no more machines'), { name: 'QuotaExceeded' });
      return { settled: true };
    });
    await sf.start('create-machine', 'one', { platform: 'aws' });
    await clock.advance(0);
    const Cause = '{"errorType":"QuotaExceeded","errorMessage":"no more machines","trace":[]}';
    expect(failures).toEqual([{ Error: 'QuotaExceeded', Cause }]);
    expect(ends).toMatchObject([{ status: 'FAILED', error: 'QuotaExceeded', cause: Cause }]);
  });

  it('keeps what a function does to its payload away from the execution', async () => {
    const { clock, ends } = await open((call) => {
      Object.assign(call.input, { platform: 'gce', stolen: true });
      return { settled: true };
    });
    await sf.start('create-machine', 'one', { platform: 'aws' });
    await clock.advance(0);
    expect(ends[0]?.output).toMatchObject({ platform: 'aws' });
    expect(ends[0]?.output).not.toHaveProperty('stolen');
  });

  it('finds an execution that was started before, and none that was not', async () => {
    await open();
    await sf.start('create-machine', 'one', { platform: 'aws' });
    await sf.start('create-machine', 'one', { platform: 'aws' });
    expect(await sf.describe('create-machine', 'one')).toEqual({ name: 'one', status: 'RUNNING' });
    expect(await sf.describe('create-machine', 'two')).toBeUndefined();
  });
});
