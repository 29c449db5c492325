import { appendFileSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import { openJournal } from '../../../infra/local/stepfunctions/journal/journal.ts';
import { folder, removeFolders } from './folder.ts';

afterAll(removeFolders);

const contentOf = (dir: string) => readFileSync(join(dir, 'executions.jsonl'), 'utf8');

async function reopened(dir: string): Promise<readonly string[]> {
  const { journal, lines } = await openJournal(dir);
  await journal.close();
  return lines;
}

describe('the journal', () => {
  it('has on disk what was appended before `durable` resolves', async () => {
    const dir = folder();
    const { journal } = await openJournal(dir);
    journal.append('one');
    journal.append('two');
    await journal.durable();
    expect(contentOf(dir)).toBe('one\ntwo\n');
    expect(journal.bytes()).toBe(8);
    await journal.close();
  });

  it('gives back all lines, in order, after a thousand appends in many turns', async () => {
    const dir = folder();
    const { journal } = await openJournal(dir);
    const lines = Array.from({ length: 1_000 }, (_, i) => `line ${i}`);
    for (const [i, line] of lines.entries()) {
      journal.append(line);
      if (i % 97 === 0) await journal.durable();
    }
    await journal.close();
    expect(await reopened(dir)).toEqual(lines);
  });

  it('drops a last line that a crash cut, and goes on after the one before', async () => {
    const dir = folder();
    const { journal } = await openJournal(dir);
    journal.append('whole');
    await journal.close();
    appendFileSync(join(dir, 'executions.jsonl'), '{"torn');
    const second = await openJournal(dir);
    expect(second.lines).toEqual(['whole']);
    second.journal.append('next');
    await second.journal.close();
    expect(contentOf(dir)).toBe('whole\nnext\n');
  });

  it('is written anew with what is worth keeping, and loses nothing that is appended meanwhile', async () => {
    const dir = folder();
    const { journal } = await openJournal(dir);
    const kept: string[] = [];
    const keep = (line: string) => {
      kept.push(line);
      journal.append(line);
    };
    keep('a');
    journal.append('forgotten');
    keep('b');
    await journal.durable();
    journal.replace(() => kept);
    keep('c');
    await journal.durable();
    expect(contentOf(dir)).toBe('a\nb\nc\n');
    keep('d');
    await journal.close();
    expect(await reopened(dir)).toEqual(['a', 'b', 'c', 'd']);
  });

  it('says when it could not write, and writes what is missing with the next line', async () => {
    const dir = folder();
    const { journal } = await openJournal(dir);
    journal.append('first');
    await journal.durable();
    journal.replace(() => {
      throw new Error('no space left');
    });
    journal.append('second');
    await expect(journal.durable()).rejects.toThrow('no space left');
    journal.append('third');
    await journal.durable();
    expect(contentOf(dir)).toBe('first\nsecond\nthird\n');
    await journal.close();
  });
});
