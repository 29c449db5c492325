import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { type FakeServer, json, serveFake } from '../../../infra/local/clouds/fake-server.ts';
import { createFaults } from '../../../infra/local/clouds/faults.ts';
import { type VirtualClock, virtualClock } from '../../clock.ts';

describe('a fake that is told what goes wrong', () => {
  let clock: VirtualClock;
  let server: FakeServer;
  let carriedOut: string[];

  beforeEach(async () => {
    clock = virtualClock();
    carriedOut = [];
    server = await serveFake(
      {
        nameOf: (call) => call.url.pathname.slice(1),
        answer(call, fault) {
          if (call.url.pathname === '/Break') throw new Error('a defect');
          carriedOut.push(`${call.url.pathname} ${fault?.hideFor ?? 0}`);
          return json(200, { done: call.body });
        },
        errorReply: (status, code, message) => json(status, { code, message }),
        state: () => ({ instances: [] }),
      },
      clock,
    );
  });
  afterEach(() => server.close());

  const post = (path: string, body = ''): Promise<Response> => fetch(`${server.url}${path}`, { method: 'POST', body });
  const order = (...faults: object[]): Promise<Response> => post('/_faults', JSON.stringify(faults));

  it('answers an error in place of the call, as often as it was told', async () => {
    await order({ match: 'Run', status: 503, code: 'Busy', retryAfter: 7, times: 2 });
    const [first, second, third, other] = [await post('/Run'), await post('/Run'), await post('/Run'), await post('/List')];
    expect([first, second, third, other].map((reply) => reply.status)).toEqual([503, 503, 200, 200]);
    expect(first.headers.get('retry-after')).toBe('7');
    expect(await first.json()).toMatchObject({ code: 'Busy' });
    expect(carriedOut).toEqual(['/Run 0', '/List 0']);
  });

  it.each([
    ['before', []],
    ['after', ['/Run 0']],
  ])('breaks the connection %s the call is carried out', async (cut, expected) => {
    await order({ cut });
    await expect(post('/Run')).rejects.toThrow('fetch failed');
    expect(carriedOut).toEqual(expected);
  });

  it('lets calls pass first, and puts faults together', async () => {
    await order({ match: 'Run', after: 1, hideFor: 3 }, { match: 'Run', after: 1, cut: 'after' });
    await post('/Run');
    await expect(post('/Run')).rejects.toThrow('fetch failed');
    expect(carriedOut).toEqual(['/Run 0', '/Run 3']);
  });

  it('answers late', async () => {
    await order({ delayMs: 5_000 });
    let answered = false;
    const reply = post('/Run').then(() => {
      answered = true;
    });
    while (clock.sleeping() === 0) await new Promise((resolve) => setImmediate(resolve));
    expect(answered).toBe(false);
    await clock.advance(5_000);
    await reply;
    expect(answered).toBe(true);
  });

  it('throttles what comes on top of so many calls in the window', () => {
    const faults = createFaults();
    faults.add({ status: 503, above: { calls: 2, windowMs: 1_000 }, times: 100 });
    const times = [0, 10, 20, 999, 1_000, 1_005, 1_011, 1_020];
    const struck = times.map((now) => faults.strike('Run', now) !== undefined);
    expect(struck).toEqual([false, false, true, true, false, true, false, true]);
  });

  it('forgets its faults, refuses what is no fault, and shows its state', async () => {
    await order({ status: 503 });
    await fetch(`${server.url}/_faults`, { method: 'DELETE' });
    expect((await post('/Run')).status).toBe(200);
    expect((await post('/_faults', 'not JSON')).status).toBe(400);
    expect(await (await fetch(`${server.url}/_state`)).json()).toEqual({ instances: [] });
    expect(server.calls()).toEqual(['Run']);
  });

  it('shows a defect of its own as an error', async () => {
    const reply = await post('/Break');
    expect([reply.status, await reply.json()]).toEqual([500, { code: 'InternalError', message: 'the fake failed: a defect' }]);
  });

  it('does not listen beyond loopback', async () => {
    const protocol = { nameOf: () => '', answer: () => json(200, {}), errorReply: () => json(500, {}), state: () => ({}) };
    await expect(serveFake(protocol, clock, { host: '0.0.0.0' })).rejects.toThrow('loopback only');
  });
});
