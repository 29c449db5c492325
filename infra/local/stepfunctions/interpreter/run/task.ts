/** The two ways in which a Task calls a function, and the events each writes. */
import type { TaskState } from '../../../../../shared/kinds/states-language.ts';
import { type Failure, runtimeError } from '../failure.ts';
import { withInput, withOutput } from './history.ts';

type Event = readonly [type: string, fields?: () => Readonly<Record<string, unknown>>];

interface Integration {
  call(state: TaskState, parameters: unknown): { readonly function: string; readonly payload: unknown };
  /** What the state's result is when the function returned `value`. */
  result(value: unknown): unknown;
  scheduled(state: TaskState, parameters: { readonly function: string; readonly payload: unknown }): Event;
  started(): Event;
  succeeded(result: unknown): Event;
  failed(failure: Failure, timedOut: boolean): Event;
}

const resource = { resourceType: 'lambda', resource: 'invoke' };

/** `arn:aws:states:::lambda:invoke`: Parameters name the function, the result wraps what it returned. */
const optimized: Integration = {
  call(_, parameters) {
    const { FunctionName, Payload = {} } = parameters as { readonly FunctionName: unknown; readonly Payload?: unknown };
    if (typeof FunctionName !== 'string') throw runtimeError('FunctionName must be a string');
    return { function: FunctionName, payload: Payload };
  },
  result: (value) => ({ ExecutedVersion: '$LATEST', Payload: value, StatusCode: 200 }),
  scheduled: (state, { function: FunctionName, payload }) => [
    'TaskScheduled',
    () => ({ ...resource, region: 'us-east-1', parameters: JSON.stringify({ FunctionName, Payload: payload }), ...timeout(state) }),
  ],
  started: () => ['TaskStarted', () => resource],
  succeeded: (result) => ['TaskSucceeded', () => ({ ...resource, ...withOutput(result) })],
  failed: (failure, timedOut) => [timedOut ? 'TaskTimedOut' : 'TaskFailed', () => ({ ...resource, ...failure })],
};

/** The ARN of a function: it gets the input as it is, and the result is what it returned. */
const direct: Integration = {
  call: (state, payload) => ({ function: state.Resource, payload }),
  result: (value) => value,
  scheduled: (state, { payload }) => [
    'LambdaFunctionScheduled',
    () => ({ resource: state.Resource, ...withInput(payload), ...timeout(state) }),
  ],
  started: () => ['LambdaFunctionStarted'],
  succeeded: (result) => ['LambdaFunctionSucceeded', () => withOutput(result)],
  failed: (failure, timedOut) => [timedOut ? 'LambdaFunctionTimedOut' : 'LambdaFunctionFailed', () => ({ ...failure })],
};

const timeout = ({ TimeoutSeconds }: TaskState) => (TimeoutSeconds === undefined ? {} : { timeoutInSeconds: TimeoutSeconds });

export const integrationOf = (state: TaskState): Integration => (state.Resource.endsWith(':lambda:invoke') ? optimized : direct);

export const callOf = (state: TaskState, parameters: unknown) => integrationOf(state).call(state, parameters);
