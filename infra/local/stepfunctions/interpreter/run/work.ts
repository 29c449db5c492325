/** What a state does with its input: data in, a verdict out. Nothing happens here. */
import type {
  ChoiceState,
  FailState,
  MapState,
  ParallelState,
  PassState,
  State,
  TaskState,
  WaitState,
} from '../../../../../shared/kinds/states-language.ts';
import { timeOf } from '../comparisons.ts';
import { computed, fill, read, type Sight } from '../data.ts';
import { runtimeError, StateFailed } from '../failure.ts';
import { parsePath } from '../paths/path.ts';
import { holds } from '../rules.ts';
import type { Branch } from './run.ts';
import { callOf } from './task.ts';

export type Verdict =
  /** Goes through ResultSelector, ResultPath and OutputPath. */
  | { readonly does: 'produce'; readonly result: unknown }
  /** Goes through OutputPath; `next` absent: as the state says. */
  | { readonly does: 'pass on'; readonly next?: string }
  | { readonly does: 'sleep'; readonly until: number }
  | { readonly does: 'call'; readonly state: TaskState; readonly function: string; readonly payload: unknown }
  | { readonly does: 'fork'; readonly branches: readonly Branch[]; readonly concurrency: number };

/** `sight.data` is the input after InputPath; `inItem` is the same sight from inside an iteration. */
export function work(state: State, sight: Sight, now: number, inItem: (item: Branch['item']) => Sight): Verdict {
  switch (state.Type) {
    case 'Pass':
      return { does: 'produce', result: passed(state, parameters(state.Parameters, sight)) };
    case 'Task':
      return { does: 'call', state, ...callOf(state, parameters(state.Parameters, sight)) };
    case 'Choice':
      return { does: 'pass on', next: chosen(state, sight) };
    case 'Wait':
      return sleep(state, sight, now);
    case 'Succeed':
      return { does: 'pass on' };
    case 'Fail':
      throw failed(state, sight);
    case 'Parallel':
      return inParallel(state, sight);
    case 'Map':
      return forEach(state, sight, inItem);
  }
}

const parameters = (template: unknown, sight: Sight) => (template === undefined ? sight.data : fill(template, sight));

/** Parameters that cannot be filled in fail the state even if Result takes their place. */
const passed = ({ Result }: PassState, input: unknown) => (Result === undefined ? input : Result);

function chosen(state: ChoiceState, sight: Sight): string {
  const next = state.Choices.find((rule) => holds(rule, sight))?.Next ?? state.Default;
  if (next === undefined) throw new StateFailed('States.NoChoiceMatched', 'No rule of the Choice holds and it has no Default');
  return next;
}

function sleep(state: WaitState, sight: Sight, now: number): Verdict {
  if (state.Timestamp !== undefined) return { does: 'sleep', until: timeOf(state.Timestamp)! };
  if (state.TimestampPath !== undefined) {
    const until = timeOf(read(parsePath(state.TimestampPath), sight));
    if (until === undefined) throw runtimeError(`TimestampPath '${state.TimestampPath}' must hold a time such as 2024-03-14T01:59:00Z`);
    return { does: 'sleep', until };
  }
  const seconds = state.Seconds ?? read(parsePath(state.SecondsPath!), sight);
  if (typeof seconds === 'number' && Number.isInteger(seconds) && seconds >= 0) return { does: 'sleep', until: now + seconds * 1000 };
  throw runtimeError(`SecondsPath '${state.SecondsPath}' must hold a whole number of seconds, 0 or more`);
}

function failed(state: FailState, sight: Sight): StateFailed {
  const text = (direct: string | undefined, path: string | undefined) => {
    const value = path === undefined ? direct : computed(path, sight);
    if (value === undefined || typeof value === 'string') return value ?? '';
    throw runtimeError(`'${path}' must hold a string`);
  };
  return new StateFailed(text(state.Error, state.ErrorPath), text(state.Cause, state.CausePath));
}

function inParallel(state: ParallelState, sight: Sight): Verdict {
  const input = parameters(state.Parameters, sight);
  return { does: 'fork', branches: state.Branches.map((states) => ({ states, input })), concurrency: state.Branches.length };
}

function forEach(state: MapState, sight: Sight, inItem: (item: Branch['item']) => Sight): Verdict {
  const items = state.ItemsPath === undefined ? sight.data : read(parsePath(state.ItemsPath), sight);
  if (!Array.isArray(items)) throw runtimeError(`The items of a Map ('${state.ItemsPath ?? '$'}') must be a list`);
  const branches = items.map((Value: unknown, Index): Branch => {
    const item = { Index, Value };
    const input = state.ItemSelector === undefined ? Value : fill(state.ItemSelector, inItem(item));
    return { states: state.ItemProcessor, input, item };
  });
  return { does: 'fork', branches, concurrency: state.MaxConcurrency || Number.POSITIVE_INFINITY };
}
