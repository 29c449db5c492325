import { describe, expect, it } from '@jest/globals';
import { createPool } from '../../shared/nodes/pool.ts';
import { virtualClock } from '../clock.ts';

describe('a pool of connections', () => {
  const setup = () => {
    const clock = virtualClock();
    const events: string[] = [];
    const pool = createPool({
      clock,
      idleMs: 1_000,
      connect: (target: string) => {
        events.push(`connect ${target}`);
        return { close: () => void events.push(`close ${target}`) };
      },
    });
    return { clock, events, pool, open: (key: string) => pool.open(key, () => key) };
  };

  it('connects once for all who use a key, and again for none of them', async () => {
    const { clock, events, open } = setup();
    const [first, second] = [open('a'), open('a')];
    first.close();
    await clock.advance(5_000);
    open('b');
    second.close();
    open('a');
    expect(events).toEqual(['connect a', 'connect b']);
  });

  it('closes what nobody has used for long enough, when the next one opens', async () => {
    const { clock, events, open } = setup();
    open('a').close();
    await clock.advance(999);
    open('b');
    await clock.advance(1);
    open('b');
    expect(events).toEqual(['connect a', 'connect b', 'close a']);
  });

  it('counts a handle once, however often it is closed', async () => {
    const { clock, events, open } = setup();
    const twice = open('a');
    const other = open('a');
    twice.close();
    twice.close();
    await clock.advance(5_000);
    open('b');
    expect(events).not.toContain('close a');
    other.close();
    await clock.advance(5_000);
    open('b');
    expect(events).toContain('close a');
  });

  it('closes everything at the end', () => {
    const { events, pool, open } = setup();
    open('a');
    open('b').close();
    pool.close();
    expect(events.slice(2).sort()).toEqual(['close a', 'close b']);
  });
});
