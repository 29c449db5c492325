import { beforeEach, describe, expect, it } from '@jest/globals';
import type { Context } from 'aws-lambda';
import type { StepCall } from '../../shared/kinds/workflow.ts';
import { type Host, useHost } from '../../shared/lambda/host.ts';
import { stepDoor } from '../../shared/lambda/step.ts';
import { settled } from '../../shared/steps/step.ts';
import { virtualClock } from '../clock.ts';

const warned: string[] = [];
const carriedOut: string[] = [];
beforeEach(() => {
  warned.splice(0);
  carriedOut.splice(0);
  const log = { debug: () => {}, info: () => {}, error: () => {}, warn: (sentence: string) => void warned.push(sentence) };
  useHost({ clock: virtualClock(), log } as unknown as Host);
});

const door = stepDoor({
  Look: async ({ name }) => {
    carriedOut.push(name);
    return settled(`looked at ${name}`);
  },
  Fall: async () => Promise.reject(new Error('fell')),
});
const ask = (asked: StepCall | readonly StepCall[]) => door(asked, {} as Context);
const call = (step: string, name: string): StepCall => ({
  step,
  input: { kind: 'Cluster', namespace: 'default', name, uid: 'u' },
  execution: 'e',
});

describe('the door of the steps', () => {
  it('answers what a state machine asks', async () => {
    expect(await ask(call('Look', 'a'))).toMatchObject({ settled: true, says: 'looked at a' });
    await expect(ask(call('Fall', 'a'))).rejects.toThrow('fell');
    await expect(ask(call('Fly', 'a'))).rejects.toThrow('no step Fly here: there are Look, Fall');
  });

  it('carries out what the sweep asks for at once, and one that fails keeps none of the others', async () => {
    expect(await ask([call('Look', 'a'), call('Fall', 'b'), call('Fly', 'c'), call('Look', 'd')])).toBeUndefined();
    expect(carriedOut).toEqual(['a', 'd']);
    expect(warned).toHaveLength(2);
  });
});
