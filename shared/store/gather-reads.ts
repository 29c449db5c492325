import type { Item, Key } from './item.ts';

interface Waiting {
  readonly key: Key;
  readonly answer: PromiseWithResolvers<Item | undefined>;
}

const idOf = (pk: string, sk: string): string => `${pk}\0${sk}`;

/**
 * Reads single items in batches: what is asked for while a batch is being read goes into the next, each item once however many
 * ask for it, so that a hundred machines that look at their cluster in one moment read it once. A read never begins before
 * it was asked for: it is as consistent as it would be alone.
 */
export function gatherReads(readAll: (keys: readonly Key[]) => Promise<Item[]>, most: number): (key: Key) => Promise<Item | undefined> {
  const waiting = new Map<string, Waiting>();
  let reading = false;

  async function readOn(): Promise<void> {
    reading = true;
    // What else this turn asks for goes along.
    await Promise.resolve();
    while (waiting.size > 0) {
      const batch = [...waiting].slice(0, most);
      for (const [id] of batch) waiting.delete(id);
      await readBatch(batch);
    }
    reading = false;
  }

  async function readBatch(batch: readonly (readonly [string, Waiting])[]): Promise<void> {
    try {
      const items = await readAll(batch.map(([, { key }]) => key));
      const found = new Map(items.map((item) => [idOf(item.pk!.S!, item.sk!.S!), item]));
      for (const [id, { answer }] of batch) answer.resolve(found.get(id));
    } catch (error) {
      for (const [, { answer }] of batch) answer.reject(error);
    }
  }

  return (key) => {
    const id = idOf(key.pk, key.sk);
    const one = waiting.get(id) ?? { key, answer: Promise.withResolvers<Item | undefined>() };
    waiting.set(id, one);
    if (!reading) void readOn();
    return one.answer.promise;
  };
}
