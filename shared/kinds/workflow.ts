/**
 * Workflows as data: the words that make a state machine read as a sentence. One definition serves CDK
 * (`DefinitionBody.fromString`) and the local interpreter.
 */
import { eventsBefore, eventsOfRound, eventsToTheEnd, roundsOf } from './history.ts';
import { shorten } from './shorten.ts';
import type { State, StateMachine } from './states-language.ts';
import { askState, failureExit, mostRetries } from './task-states.ts';

/** A state machine and the name under which `Workflows` of `ports.ts` starts it. */
export interface Workflow {
  readonly name: string;
  readonly definition: StateMachine;
}

/**
 * What a step's Lambda is called with. `input` is the execution's input, and under each step's name what it answered last.
 * Executions that began before `retries` and `mostEvents` were sent come without.
 */
export interface StepCall {
  readonly step: string;
  readonly input: Readonly<Record<string, unknown>>;
  readonly execution: string;
  /** How often this Task was tried before. */
  readonly retries?: number;
  /** With more events than this in its history, the execution may not ask the step again. */
  readonly mostEvents?: number;
}

/** What a step says. */
export interface StepOutcome {
  /** Done: the workflow goes on. Otherwise the step is asked again. */
  readonly settled: boolean;
  /** One sentence, which an operator reads in the execution's history. Never a secret. */
  readonly says: string;
  /** Seconds until the step is asked again. */
  readonly checkAgainIn?: number;
  /** What the execution was started for is no longer wanted: it ends, successfully. */
  readonly superseded?: boolean;
  /** The execution ends, successfully, and leaves what remains to the next one. */
  readonly handOver?: boolean;
}

/** What the state machine reads. A field that is missing would end the execution with States.Runtime. */
export type StepAnswer = Required<Omit<StepOutcome, 'checkAgainIn'>> & {
  /** When the step is asked again: a time, since `SecondsPath` takes whole seconds only. */
  readonly checkAt: string;
  /** How often this step was asked in this execution. */
  readonly round: number;
  /** How many events the history has when the next Task is entered. */
  readonly events: number;
};

/** Seconds: a step that always asks to be asked at once does not spin. */
const shortestPause = 0.1;

/** Bytes of a sentence: a dozen of them stay small in each state's data. */
const longestSentence = 1_000;

/** Bytes of an error's message, which stands in the Cause twice: as the message and in the stack. */
const longestMessage = 4_000;

/** For executions that began before `mostEvents` was sent: 2,000 rounds, and 7,000 of the 25,000 events for retries. */
const mostEventsOnce = 18_000;

/** Completes what a step said at `now` (ms since 1970); a loop that came too close to the end of its history hands over. */
export function answer(call: StepCall, outcome: StepOutcome, now: number): StepAnswer {
  const { settled, says, checkAgainIn = 5, superseded = false, handOver = false } = outcome;
  const { step, input, retries = 0, mostEvents = mostEventsOnce } = call;
  const events = eventsBefore(input) + eventsOfRound(retries, settled);
  const endless = !settled && !superseded && events > mostEvents;
  return {
    says: shorten(says, longestSentence),
    settled,
    superseded,
    handOver: handOver || endless,
    checkAt: new Date(now + 1000 * Math.max(shortestPause, checkAgainIn)).toISOString(),
    round: roundsOf(input, step) + 1,
    events,
  };
}

/** What a step threw, as it may enter the history: of the same name, and not longer than an operator reads. */
export function toFailure(error: unknown): unknown {
  if (!(error instanceof Error) || new TextEncoder().encode(error.message).length <= longestMessage) return error;
  return Object.assign(new Error(shorten(error.message, longestMessage), { cause: error }), { name: error.name });
}

/** One step of a sequence. */
export interface Step {
  readonly name: string;
  readonly asks: 'once' | 'until settled';
  /** The Lambda of the machine's platform (`$.platform` of the input) carries it out. */
  readonly cloud: boolean;
  /** What it does, in words for the graph. */
  readonly comment: string;
}

/** A step that settles whenever it is called: one Task. */
export const step = (name: string, { cloud = false, comment = '' } = {}): Step => ({ name, asks: 'once', cloud, comment });

/** A step that is asked again, at the pace that it sets, until it has settled: Ask, look, pause. */
export const until = (name: string, { cloud = false, comment = '' } = {}): Step => ({ name, asks: 'until settled', cloud, comment });

/** One step after the other. Every Task has the same failure exit: RecordFailure writes the condition, then the execution fails. */
export function sequence(name: string, steps: readonly Step[], { comment = '', timeoutSeconds = 86_400 } = {}): Workflow {
  const names = steps.map((each) => each.name);
  if (new Set(names).size < names.length) throw new Error(`workflow ${name}: two steps have the same name: ${names.join(', ')}`);
  const states = steps.flatMap((each, i) =>
    Object.entries(statesOf(each, names[i + 1] ?? 'Done', eventsToTheEnd(steps.length - i, mostRetries))),
  );
  const definition: StateMachine = {
    ...(comment === '' ? {} : { Comment: comment }),
    StartAt: names[0] ?? 'Done',
    TimeoutSeconds: timeoutSeconds,
    States: { ...Object.fromEntries(states), Done: { Type: 'Succeed' }, ...(loops(steps) ? earlyEnds : {}), ...failureExit },
  };
  return { name, definition };
}

const loops = (steps: readonly Step[]) => steps.some(({ asks }) => asks === 'until settled');

function statesOf({ name, asks, cloud, comment }: Step, next: string, eventsToCome: number): Record<string, State> {
  const look = `${name} settled?`;
  const pause = `Pause before ${name}`;
  const says = (field: keyof StepAnswer, then: string) => ({ Variable: `$.${name}.${field}`, BooleanEquals: true, Next: then });
  const ask = (then: string) => ({ [name]: askState({ name, cloud, comment, eventsToCome, next: then }) });
  if (asks === 'once') return ask(next);
  return {
    ...ask(look),
    [look]: {
      Type: 'Choice',
      Choices: [says('superseded', 'Superseded'), says('settled', next), says('handOver', 'HandedOver')],
      Default: pause,
    },
    [pause]: { Type: 'Wait', TimestampPath: `$.${name}.checkAt`, Next: name },
  };
}

const earlyEnds: Readonly<Record<string, State>> = {
  Superseded: { Type: 'Succeed', Comment: 'What it was started for is no longer wanted' },
  HandedOver: { Type: 'Succeed', Comment: 'Its history is long enough: the next execution goes on' },
};
