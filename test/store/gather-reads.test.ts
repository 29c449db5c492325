import { describe, expect, it } from '@jest/globals';
import { gatherReads } from '../../shared/store/gather-reads.ts';
import type { Item, Key } from '../../shared/store/item.ts';

const key = (sk: string): Key => ({ pk: 'p', sk });
const item = (sk: string): Item => ({ pk: { S: 'p' }, sk: { S: sk } });
const turn = () => new Promise((resolve) => setImmediate(resolve));

/** Reads that are answered when the test says so, with what it says is stored. */
function reads(most = 100) {
  const asked: string[][] = [];
  const open: PromiseWithResolvers<Item[]>[] = [];
  const get = gatherReads((keys) => {
    asked.push(keys.map(({ sk }) => sk));
    open.push(Promise.withResolvers<Item[]>());
    return open.at(-1)!.promise;
  }, most);
  const answer = async (...names: string[]) => {
    open.shift()!.resolve(names.map(item));
    await turn();
  };
  return { asked, get, answer, open };
}

describe('single reads', () => {
  it('of one moment are one request, in which each item is asked for once', async () => {
    const { asked, get, answer } = reads();
    const found = Promise.all([get(key('a')), get(key('b')), get(key('a')), get(key('c'))]);
    await turn();
    await answer('a', 'c');
    expect(asked).toEqual([['a', 'b', 'c']]);
    expect((await found).map((one) => one?.sk?.S)).toEqual(['a', undefined, 'a', 'c']);
  });

  it('that are asked for during a request wait for the next, even of the same item: it may have changed', async () => {
    const { asked, get, answer } = reads();
    void get(key('a'));
    await turn();
    const again = get(key('a'));
    const other = get(key('b'));
    await answer('a');
    expect(asked).toEqual([['a'], ['a', 'b']]);
    await answer('a', 'b');
    expect([(await again)?.sk?.S, (await other)?.sk?.S]).toEqual(['a', 'b']);
  });

  it('are no more in one request than it takes', async () => {
    const { asked, get, answer } = reads(2);
    for (const name of ['a', 'b', 'c']) void get(key(name));
    await turn();
    await answer('a', 'b');
    expect(asked).toEqual([['a', 'b'], ['c']]);
  });

  it('fail together, and those after them do not', async () => {
    const { get, answer, open } = reads();
    const failing = [get(key('a')), get(key('b'))];
    await turn();
    const later = get(key('a'));
    open.shift()!.reject(new Error('no'));
    for (const one of failing) await expect(one).rejects.toThrow('no');
    await answer('a');
    expect((await later)?.sk?.S).toBe('a');
  });
});
