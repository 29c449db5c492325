import { describe, expect, it } from '@jest/globals';
import type { Stored } from '../../shared/store/item.ts';
import { createTexts } from '../../shared/store/texts.ts';

/** What is stored under a uid and version, and how often it was opened. */
function stored(uid: string, version: number, text = `${uid} ${version}`) {
  const opened = { times: 0 };
  const it = {
    uid,
    version,
    text: async () => {
      opened.times++;
      return text;
    },
  } as Stored;
  return { it, opened };
}

describe('texts of objects', () => {
  it('are opened once for each version', async () => {
    const texts = createTexts();
    const [first, same, next] = [stored('a', 1), stored('a', 1), stored('a', 2)];
    expect(await texts.of(first.it, { sealed: false })).toBe('a 1');
    expect(await texts.of(same.it, { sealed: false })).toBe('a 1');
    expect(await texts.of(next.it, { sealed: false })).toBe('a 2');
    expect([first, same, next].map(({ opened }) => opened.times)).toEqual([1, 0, 1]);
  });

  it('are not kept when their kind is sealed, or when they are long', async () => {
    const texts = createTexts();
    const long = 'x'.repeat(10_000);
    for (const [text, sealed] of [
      ['secret', true],
      [long, false],
    ] as const) {
      const [first, again] = [stored('a', text.length, text), stored('a', text.length, text)];
      await texts.of(first.it, { sealed });
      expect(await texts.of(again.it, { sealed })).toBe(text);
      expect(again.opened.times).toBe(1);
    }
  });

  it('make room for newer ones', async () => {
    const texts = createTexts();
    for (let version = 0; version <= 2_000; version++) await texts.of(stored('a', version).it, { sealed: false });
    const [oldest, newest] = [stored('a', 0), stored('a', 2_000)];
    await texts.of(oldest.it, { sealed: false });
    await texts.of(newest.it, { sealed: false });
    expect([oldest.opened.times, newest.opened.times]).toEqual([1, 0]);
  });
});
