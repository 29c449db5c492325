import { gzipSync } from 'node:zlib';
import { describe, expect, it } from '@jest/globals';
import type { Stored } from '../../shared/store/item.ts';
import { createTexts } from '../../shared/store/texts.ts';

/** What is stored under a uid and version, and how often it was opened. */
function stored(uid: string, version: number, text = `${uid} ${version}`) {
  const opened = { times: 0 };
  const it = {
    uid,
    version,
    zipped: async () => {
      opened.times++;
      return gzipSync(text);
    },
  } as Partial<Stored> as Stored;
  return { it, opened };
}

describe('texts of objects', () => {
  it('are opened once for each version', async () => {
    const texts = createTexts();
    const [first, same, next] = [stored('a', 1), stored('a', 1), stored('a', 2)];
    expect(await texts.of([first.it], { sealed: false })).toEqual(['a 1']);
    expect(await texts.of([same.it], { sealed: false })).toEqual(['a 1']);
    expect(await texts.of([next.it], { sealed: false })).toEqual(['a 2']);
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
      await texts.of([first.it], { sealed });
      expect(await texts.of([again.it], { sealed })).toEqual([text]);
      expect(again.opened.times).toBe(1);
    }
  });

  it('make room for the newest of an object, and for some of others', async () => {
    const texts = createTexts();
    const ask = async (uid: string, version = 1) => {
      const { it, opened } = stored(uid, version);
      await texts.of([it], { sealed: false });
      return opened.times === 1;
    };
    for (let i = 0; i < 2_000; i++) await ask(`full-${i}`);
    expect([await ask('full-0', 2), await ask('full-0', 2)]).toEqual([true, false]);
    const newcomers = Array.from({ length: 80 }, (_, i) => `new-${i}`);
    for (const uid of newcomers) await ask(uid);
    const opened = [];
    for (const uid of newcomers) if (await ask(uid)) opened.push(uid);
    expect(newcomers.length - opened.length).toBe(10);
  });

  it('of a list that is longer than what is kept are there in part', async () => {
    const texts = createTexts();
    const list = async () => {
      let found = 0;
      for (let i = 0; i < 5_000; i++) {
        const { it, opened } = stored(`u-${i}`, 1);
        await texts.of([it], { sealed: false });
        found += 1 - opened.times;
      }
      return found;
    };
    expect(await list()).toBe(0);
    for (let again = 0; again < 5; again++) expect(await list()).toBeGreaterThan(1_000);
  });
});
