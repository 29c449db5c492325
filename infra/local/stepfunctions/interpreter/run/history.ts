/** Events as AWS writes them. */
import type { HistoryEvent, Run, Strand } from './run.ts';

/** The history may hold so many; the last one is the execution's end. */
export const mostEvents = 25_000;

/** Ends the run, whatever it was about to do. */
export class HistoryFull extends Error {}

type Fields = Readonly<Record<string, unknown>>;

/** Counts the event and, if somebody looks at the run, writes it. */
export function emit(run: Run, strand: Strand, type: string, fields?: () => Fields): number {
  if (run.events >= mostEvents - 1 && !type.startsWith('Execution')) throw new HistoryFull();
  run.events += 1;
  if (run.record !== undefined) run.record(event(run, strand, type, fields?.()));
  strand.lastEvent = run.events;
  return run.events;
}

const event = (run: Run, strand: Strand, type: string, fields: Fields | undefined): HistoryEvent => ({
  id: run.events,
  previousEventId: strand.lastEvent,
  type,
  timestamp: run.now,
  ...(fields && { [detailsOf(type)]: fields }),
});

/** `TaskStateEntered` and all its like share `stateEnteredEventDetails`. */
function detailsOf(type: string): `${string}EventDetails` {
  const shared = /State(Entered|Exited)$/.exec(type);
  const name = shared === null ? type : shared[0];
  return `${name[0]!.toLowerCase()}${name.slice(1)}EventDetails`;
}

const whole = { truncated: false };

export const withInput = (input: unknown): Fields => ({ input: JSON.stringify(input), inputDetails: whole });
export const withOutput = (output: unknown): Fields => ({ output: JSON.stringify(output), outputDetails: whole });
