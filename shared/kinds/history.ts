/**
 * How long the history of an execution gets. Step Functions ends an execution at 25,000 events, whatever it is doing; ours
 * hands over to the next one so early that it ends within `longestHistory`, whatever still happens to it.
 */

/** Events. No execution of ours writes more. */
export const longestHistory = 20_000;

/** ExecutionStarted. */
const eventsOfStart = 1;
/** Entered and exited: a Choice, a Wait. */
const eventsOfPassage = 2;
/** Fail is entered and never left; then comes ExecutionFailed. */
const eventsOfFailedEnd = 2;

/** Each call of a Task is scheduled, started, and succeeds, fails or times out. */
const eventsOfTask = (retries: number): number => eventsOfPassage + 3 * (1 + retries);

/** What a step's answer tells of the history: `events` is absent from executions that began before answers had it. */
interface Answered {
  readonly round: number;
  readonly events?: number;
}

const isAnswer = (value: unknown): value is Answered =>
  typeof value === 'object' && value !== null && 'round' in value && typeof value.round === 'number';

const answersIn = (input: Readonly<Record<string, unknown>>): Answered[] => Object.values(input).filter(isAnswer);

/** How often a step has answered in this execution. */
export const roundsOf = (input: Readonly<Record<string, unknown>>, step: string): number => {
  const answer = input[step];
  return isAnswer(answer) ? answer.round : 0;
};

/** Events before the Task whose input this is: the latest answer counted them. Without a count, rounds are taken as never retried. */
export function eventsBefore(input: Readonly<Record<string, unknown>>): number {
  const answers = answersIn(input);
  const counted = Math.max(0, ...answers.map(({ events = 0 }) => events));
  if (counted > 0) return counted;
  const rounds = answers.reduce((sum, { round }) => sum + round, 0);
  return eventsOfStart + rounds * eventsOfRound(0, false);
}

/**
 * Events from the entrance of a step's Task to that of the next: the Task, the look at its answer and, unless it has settled, the
 * pause. A step that is asked only once is not looked at, and counts two too many.
 */
export const eventsOfRound = (retries: number, settled: boolean): number => eventsOfTask(retries) + (settled ? 1 : 2) * eventsOfPassage;

/**
 * The most events that can follow once the first of `steps` steps is asked again: each step is retried as often as it may be and
 * settles, but the last one fails, RecordFailure is retried as often, and the execution fails. Nothing else writes more.
 */
export const eventsToTheEnd = (steps: number, mostRetries: number): number =>
  (steps - 1) * eventsOfRound(mostRetries, true) + 2 * eventsOfTask(mostRetries) + eventsOfFailedEnd;
