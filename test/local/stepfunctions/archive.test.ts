import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import { createArchive, type Limits } from '../../../infra/local/stepfunctions/executions/archive.ts';
import { createExecutions } from '../../../infra/local/stepfunctions/executions/executions.ts';
import { restore } from '../../../infra/local/stepfunctions/executions/restore.ts';
import { openJournal } from '../../../infra/local/stepfunctions/journal/journal.ts';
import type { StateMachine } from '../../../shared/kinds/states-language.ts';
import { seededRandom, type VirtualClock, virtualClock } from '../../clock.ts';
import { folder, removeFolders } from './folder.ts';

afterAll(removeFolders);

const definition: StateMachine = { StartAt: 'Nap', States: { Nap: { Type: 'Wait', SecondsPath: '$', End: true } } };

async function openArchive(dir: string, clock: VirtualClock, limits: Limits) {
  const { journal, lines } = await openJournal(dir);
  const restored = restore(lines);
  const archive = createArchive(restored, journal, clock, limits);
  const executions = createExecutions(archive, { invoke: async () => null, clock, random: seededRandom(1), ended: () => {} });
  executions.takeUp(restored.entries);
  const nap = (name: string, seconds: number) =>
    executions.start({ executionArn: name, name, machineArn: 'm', machineName: 'nap', roleArn: 'r', definition }, String(seconds));
  const names = () => archive.all().map(({ start }) => start.name);
  const close = async () => {
    executions.close();
    await journal.close();
  };
  return { nap, names, journal, close };
}

const linesOf = (dir: string) => readFileSync(join(dir, 'executions.jsonl'), 'utf8').trimEnd().split('\n').length;

describe('the archive', () => {
  it('forgets the oldest of those that have ended, and never one that runs', async () => {
    const clock = virtualClock();
    const { nap, names, close } = await openArchive(folder(), clock, { keptAtMost: 2, smallJournal: 1e9 });
    nap('runs', 1_000);
    for (const name of ['a', 'b', 'c']) {
      nap(name, 1);
      await clock.advance(1_000);
    }
    expect(names()).toEqual(['runs', 'b', 'c']);
    await close();
  });

  it('forgets an execution 90 days after its end', async () => {
    const day = 24 * 3_600_000;
    const clock = virtualClock();
    const { nap, names, close } = await openArchive(folder(), clock, { keptAtMost: 100, smallJournal: 1e9 });
    nap('old', 0);
    await clock.advance(89 * day);
    nap('new', 0);
    expect(names()).toEqual(['old', 'new']);
    await clock.advance(day + 1);
    nap('newer', 0);
    expect(names()).toEqual(['new', 'newer']);
    await close();
  });

  it('keeps the journal small: what is forgotten leaves it, what runs survives', async () => {
    const clock = virtualClock();
    const dir = folder();
    const limits = { keptAtMost: 3, smallJournal: 2_000 };
    const first = await openArchive(dir, clock, limits);
    first.nap('runs', 1_000);
    for (let i = 0; i < 200; i++) {
      first.nap(`e${i}`, 0);
      if (i % 10 === 0) await first.journal.durable();
    }
    await first.close();
    // One definition, three lines each for what has ended, one for what runs, and what came since it was last written anew.
    expect(linesOf(dir)).toBeLessThan(80);

    const second = await openArchive(dir, clock, limits);
    expect(second.names()).toEqual(['runs', 'e197', 'e198', 'e199']);
    await clock.advance(1_000_000);
    expect(second.names()).toEqual(['runs', 'e198', 'e199']);
    await second.close();
  });
});
