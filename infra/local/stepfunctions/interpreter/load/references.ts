/** What the shape cannot say: where states lead, and which fields exclude each other. */
import type { Cause } from '../../../../../shared/errors.ts';
import type { Catcher, Retrier, State, States, TaskState, WaitState } from '../../../../../shared/kinds/states-language.ts';

/** All that is wrong with the states, and with those inside of them. */
export function wrongReferences(states: States, field: string): Cause[] {
  const names = Object.keys(states.States);
  const unknown = (from: string, to: string) => (names.includes(to) ? [] : [wrong(from, `there is no state '${to}' here`)]);
  const reached = reachable(states);
  return [
    ...unknown(`${field}StartAt`, states.StartAt),
    ...names.filter((name) => !reached.has(name)).map((name) => wrong(`${field}States.${name}`, 'no other state leads here')),
    ...Object.entries(states.States).flatMap(([name, state]) => [
      ...targets(state).flatMap((to) => unknown(`${field}States.${name}`, to)),
      ...wrongFields(state, `${field}States.${name}`),
    ]),
  ];
}

const wrong = (field: string, message: string): Cause => ({ field, message });

function targets(state: State): string[] {
  if (state.Type === 'Choice') return [...state.Choices.map(({ Next }) => Next), ...(state.Default === undefined ? [] : [state.Default])];
  if (state.Type === 'Succeed' || state.Type === 'Fail') return [];
  const caught = 'Catch' in state ? (state.Catch ?? []).map(({ Next }) => Next) : [];
  return [...(state.Next === undefined ? [] : [state.Next]), ...caught];
}

function reachable(states: States): Set<string> {
  const reached = new Set([states.StartAt]);
  // A Set that grows while it is walked: what is added is visited, too.
  for (const name of reached) {
    const state = states.States[name];
    if (state !== undefined) for (const to of targets(state)) reached.add(to);
  }
  return reached;
}

function wrongFields(state: State, field: string): Cause[] {
  switch (state.Type) {
    case 'Choice':
    case 'Succeed':
      return [];
    case 'Fail':
      return [...exclusive(field, state, ['Error', 'ErrorPath']), ...exclusive(field, state, ['Cause', 'CausePath'])];
    case 'Wait':
      return [...leaves(field, state), ...oneOf(field, state)];
    case 'Pass':
      return leaves(field, state);
    case 'Task':
      return [...leaves(field, state), ...recovery(field, state), ...invocation(field, state)];
    case 'Parallel':
      return [
        ...leaves(field, state),
        ...recovery(field, state),
        ...state.Branches.flatMap((branch, i) => wrongReferences(branch, `${field}.Branches[${i}].`)),
      ];
    case 'Map':
      return [...leaves(field, state), ...recovery(field, state), ...wrongReferences(state.ItemProcessor, `${field}.ItemProcessor.`)];
  }
}

const leaves = (field: string, state: { readonly Next?: string; readonly End?: boolean }): Cause[] =>
  (state.Next === undefined) === (state.End === true) ? [] : [wrong(field, 'needs either Next or End: true')];

const exclusive = (field: string, state: object, pair: readonly string[]): Cause[] =>
  pair.every((key) => key in state) ? [wrong(field, `has both ${pair.join(' and ')}`)] : [];

const oneOf = (field: string, state: WaitState): Cause[] => {
  const given = ['Seconds', 'SecondsPath', 'Timestamp', 'TimestampPath'].filter((key) => key in state);
  return given.length === 1 ? [] : [wrong(field, 'needs one of Seconds, SecondsPath, Timestamp and TimestampPath')];
};

function invocation(field: string, state: TaskState): Cause[] {
  if (!state.Resource.endsWith(':lambda:invoke')) return [];
  const keys = Object.keys(state.Parameters ?? {});
  const unknown = keys.filter((key) => !/^(FunctionName|Payload)(\.\$)?$/.test(key));
  return [
    ...(keys.some((key) => key.startsWith('FunctionName')) ? [] : [wrong(`${field}.Parameters`, 'FunctionName is required')]),
    ...unknown.map((key) => wrong(`${field}.Parameters.${key}`, 'is not supported here: lambda:invoke takes FunctionName and Payload')),
  ];
}

function recovery(field: string, state: { readonly Retry?: readonly Retrier[]; readonly Catch?: readonly Catcher[] }): Cause[] {
  return [...wildcards(`${field}.Retry`, state.Retry ?? []), ...wildcards(`${field}.Catch`, state.Catch ?? [])];
}

/** States.ALL hides what comes after it. */
const wildcards = (field: string, list: readonly (Retrier | Catcher)[]): Cause[] =>
  list.flatMap(({ ErrorEquals }, i) => {
    const misplaced = ErrorEquals.includes('States.ALL') && (ErrorEquals.length > 1 || i < list.length - 1);
    return misplaced ? [wrong(`${field}[${i}]`, 'States.ALL must stand alone and last')] : [];
  });
