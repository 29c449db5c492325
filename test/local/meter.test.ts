import { describe, expect, it } from '@jest/globals';
import { metered, meterSent, runningFunction, useMeter } from '../../infra/local/meter.ts';

describe('the meter of the local host', () => {
  it('is told of nothing as long as there is none', async () => {
    expect(await metered('f', async () => runningFunction())).toBeUndefined();
  });

  it('is told of each call, of one that fails too, and of what is sent', async () => {
    const told: string[] = [];
    useMeter({ called: (name, ms) => void told.push(`${name} ${ms >= 0}`), sent: (wakes) => void told.push(`sent ${wakes}`) });
    await metered('f', async () => 1);
    await expect(metered('g', async () => Promise.reject(new Error('no')))).rejects.toThrow('no');
    meterSent(3);
    expect(told).toEqual(['f true', 'g true', 'sent 3']);
  });

  it('knows which function is at work, whatever goes on at the same time', async () => {
    const at = (name: string) =>
      metered(name, async () => {
        await new Promise(setImmediate);
        return runningFunction();
      });
    expect(await Promise.all([at('f'), at('g'), metered('h', () => at('i'))])).toEqual(['f', 'g', 'i']);
    expect(runningFunction()).toBeUndefined();
  });
});
