import { describe, expect, it } from '@jest/globals';
import type { Context } from 'aws-lambda';
import { type Host, useHost } from '../../shared/lambda/host.ts';
import { stepDoor } from '../../shared/lambda/step.ts';
import { virtualClock } from '../clock.ts';
import { silent } from '../reconcile/ports.ts';

const door = stepDoor({
  Talk: async () => ({ settled: true, says: `it is\n${'very '.repeat(1_000)}` }),
  Fail: async () => Promise.reject(Object.assign(new Error('x'.repeat(100_000)), { name: 'QuotaExceeded' })),
});
const ask = (step: string) => door({ step, input: {}, execution: 'create-1', retries: 2 }, {} as Context);

describe('what a step tells the state machine', () => {
  useHost({ clock: virtualClock(), log: silent } as unknown as Host);

  it('is one sentence that fits into a history, and a count of its events', async () => {
    const { says, events } = (await ask('Talk'))!;
    expect(says).toMatch(/^it is very very .*…$/);
    expect(Buffer.byteLength(says)).toBeLessThanOrEqual(1_000);
    expect(events).toBe(1 + 5 + 2 * 3 + 2);
  });

  it('is an error of the same name, and of a message that fits, when it fails', async () => {
    const error = await Promise.resolve(ask('Fail')).then(
      () => undefined,
      (thrown: Error) => thrown,
    );
    expect(error?.name).toBe('QuotaExceeded');
    expect(error?.message.length).toBeLessThanOrEqual(4_000);
  });
});
