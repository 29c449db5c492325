/** What a picture of a state machine tells: one column of steps, how each is asked again, the early ends, the failure exit. */
import type { State, StateMachine } from '../../shared/kinds/states-language.ts';

export interface Chart {
  readonly name: string;
  readonly comment: string;
  readonly steps: readonly Step[];
  /** Where the column ends. */
  readonly end: Place;
  /** Where each look at an answer may lead instead. */
  readonly earlyEnds: readonly Place[];
  /** Where every failure leads, one state after the other. */
  readonly failureExit: readonly Place[];
}

export interface Place {
  readonly name: string;
  readonly comment: string;
}

export interface Step extends Place {
  /** The input chooses its function: the Lambda of a cloud. */
  readonly cloud: boolean;
  readonly fails: boolean;
  /** The Choice that looks at its answer. */
  readonly look?: string;
  /** The Wait after which it is asked again. */
  readonly pause?: string;
}

type States = StateMachine['States'];

/**
 * Reads the chart out of a definition, in the order in which that is written.
 * @throws Error naming a transition that does not fit into one column with the same early ends and one failure exit.
 */
export function readChart(name: string, { Comment = '', StartAt, States: states }: StateMachine): Chart {
  const column = columnOf(StartAt, states);
  const place = (at: string): Place => ({ name: at, comment: states[at]!.Comment ?? '' });
  const steps = column
    .slice(0, -1)
    .flatMap((at, i) => (states[at]!.Type === 'Choice' ? [] : [readStep(place(at), column[i + 1]!, states)]));
  const looks = steps.flatMap(({ look }) => (look === undefined ? [] : targetsOf(states[look]!)));
  const exit = Object.values(states).flatMap(caughtBy)[0];
  const chart: Chart = {
    name,
    comment: Comment,
    steps,
    end: place(column.at(-1)!),
    earlyEnds: [...new Set(looks)].filter((at) => isEnd(states[at]!) && !column.includes(at)).map(place),
    failureExit: exit === undefined ? [] : from(exit, states).map(place),
  };
  refuseWhatDiffers(transitionsOf(chart), states, name);
  return chart;
}

/** From the start on, what is written next and was not passed yet. A Wait that leads back is part of a loop. */
function columnOf(start: string, states: States): string[] {
  const written = Object.keys(states);
  const column = [start];
  for (;;) {
    const onwards = targetsOf(states[column.at(-1)!]!).filter((to) => !column.includes(to) && !isPause(states[to]!, column));
    const next = onwards.toSorted((a, b) => written.indexOf(a) - written.indexOf(b))[0];
    if (next === undefined) return column;
    column.push(next);
  }
}

const isPause = (state: State, before: readonly string[]): boolean => state.Type === 'Wait' && before.includes(state.Next ?? '');
const isEnd = ({ Type }: State): boolean => Type === 'Succeed' || Type === 'Fail';

function targetsOf(state: State): string[] {
  if (state.Type === 'Choice') return [...state.Choices.map(({ Next }) => Next), ...(state.Default === undefined ? [] : [state.Default])];
  return 'Next' in state && state.Next !== undefined ? [state.Next] : [];
}

const caughtBy = (state: State): string[] => ('Catch' in state ? (state.Catch ?? []).map(({ Next }) => Next) : []);

function readStep(place: Place, next: string, states: States): Step {
  const state = states[place.name]!;
  const look = states[next]!.Type === 'Choice' ? next : undefined;
  const pause = look && targetsOf(states[look]!).find((to) => isPause(states[to]!, [place.name]));
  return {
    ...place,
    cloud: state.Type === 'Task' && state.Parameters !== undefined && 'FunctionName.$' in state.Parameters,
    fails: caughtBy(state).length > 0,
    ...(look !== undefined && { look }),
    ...(pause !== undefined && { pause }),
  };
}

/** A state and what comes after it. */
function from(start: string, states: States): string[] {
  const path: string[] = [];
  for (let at: string | undefined = start; at !== undefined && !path.includes(at); at = targetsOf(states[at]!)[0]) path.push(at);
  return path;
}

export type Transition = readonly [from: string, to: string];

/** All that the chart tells of how one state leads to another. */
export function transitionsOf({ steps, end, earlyEnds, failureExit }: Chart): Transition[] {
  const onwards = steps.flatMap(({ name, look, pause, fails }, i): Transition[] => {
    const next = steps[i + 1]?.name ?? end.name;
    const looks = look === undefined ? [] : [next, ...earlyEnds.map((at) => at.name), ...(pause === undefined ? [] : [pause])];
    return [
      [name, look ?? next],
      ...looks.map((to): Transition => [look!, to]),
      ...(pause === undefined ? [] : [[pause, name] as const]),
      ...(fails ? [[name, failureExit[0]!.name] as const] : []),
    ];
  });
  return [...onwards, ...failureExit.slice(1).map(({ name }, i): Transition => [failureExit[i]!.name, name])];
}

/** A picture that leaves out a transition, or invents one, would be wrong. */
function refuseWhatDiffers(told: readonly Transition[], states: States, name: string): void {
  const written = Object.entries(states).flatMap(([at, state]) =>
    [...targetsOf(state), ...caughtBy(state)].map((to): Transition => [at, to]),
  );
  const inWords = ([at, to]: Transition) => `${at} -> ${to}`;
  const [drawn, wanted] = [told.map(inWords), written.map(inWords)];
  const odd = drawn.find((each) => !wanted.includes(each)) ?? wanted.find((each) => !drawn.includes(each));
  if (odd !== undefined) throw new Error(`${name} cannot be drawn as one column with early ends and a failure exit: see ${odd}`);
}
