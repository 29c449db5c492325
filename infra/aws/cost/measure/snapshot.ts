import type { MeasuredPlane } from '../../../local/bench/plane-process.ts';
import { type Sort, sorts, type Usage, type Work } from '../usage.ts';

/** What the plane has used since it started. */
export interface Snapshot {
  /** What comes with the hours: sweeps, and the looks that they send out. */
  readonly background: Usage;
  /** What was asked for: all else, but not the questions of who measures. */
  readonly foreground: Usage;
  readonly bytes: number;
}

const isBackground = (name: string): boolean => name === 'sweep' || name.startsWith('collect ') || / Observe/.test(name);
/** Who measures looks all the time; only what they change is work. */
const isQuestion = (name: string): boolean => name.startsWith('api GET');

function sortOf(name: string): Sort {
  if (name.startsWith('clouds-')) return 'cloudSteps';
  const sort = sorts.find((each) => name === each || name.startsWith(`${each} `) || name.startsWith(`${each}-`));
  if (sort === undefined) throw new Error(`the function ${name} is of no sort that has a price: add it to the sorts in usage.ts`);
  return sort;
}

export async function snapshotOf(plane: MeasuredPlane): Promise<Snapshot> {
  const { functions, transitions, sends, wakes, logBytes } = await plane.usage();
  const units = plane.bill.byFunction();
  const work = (belongs: (name: string) => boolean): Record<Sort, Work> => {
    const works = Object.fromEntries(sorts.map((sort) => [sort, { calls: 0, ms: 0, reads: 0, writes: 0 }])) as Record<Sort, Work>;
    for (const [name, { calls, ms }] of Object.entries(functions).filter(([name]) => !isQuestion(name) && belongs(name))) {
      const { reads = 0, writes = 0 } = units[name] ?? {};
      const former = works[sortOf(name)];
      works[sortOf(name)] = {
        calls: former.calls + calls,
        ms: former.ms + ms,
        reads: former.reads + reads,
        writes: former.writes + writes,
      };
    }
    return works;
  };
  const none = { transitions: 0, sends: 0, wakes: 0, logBytes: 0 };
  return {
    background: { functions: apart(work(isBackground)), ...none },
    foreground: { functions: work((name) => !isBackground(name)), transitions, sends, wakes, logBytes },
    bytes: plane.bill.bytes(),
  };
}

/** Here a sweep waits for the looks that it sends out; on AWS it does not. */
function apart(works: Record<Sort, Work>): Record<Sort, Work> {
  const { sweep, collect, steps, cloudSteps } = works;
  return { ...works, sweep: { ...sweep, ms: Math.max(0, sweep.ms - collect.ms - steps.ms - cloudSteps.ms) } };
}
