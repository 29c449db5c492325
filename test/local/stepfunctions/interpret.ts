import { loadStateMachine } from '../../../infra/local/stepfunctions/interpreter/load/load.ts';
import { type Call, type Ending, type HistoryEvent, type Run, wakeAt } from '../../../infra/local/stepfunctions/interpreter/run/run.ts';
import { begin, deliver } from '../../../infra/local/stepfunctions/interpreter/run/signals.ts';

/** A function of a test: what it throws is an error with a name and a message. */
export type Functions = Readonly<Record<string, (payload: unknown) => unknown>>;

export interface Interpreted {
  readonly ending: Ending;
  readonly history: readonly HistoryEvent[];
  /** Names of the states, in the order in which they were entered. */
  readonly entered: readonly string[];
  readonly transitions: number;
  /** Milliseconds from the start to the end. */
  readonly took: number;
}

export const startedAt = Date.UTC(2019, 6, 26);

export class Named extends Error {
  constructor(name: string, message = '') {
    super(message);
    this.name = name;
  }
}

/** Takes a definition from its start to its end; functions answer at once, waits pass at once. */
export function interpret(definition: unknown, input: unknown = {}, functions: Functions = {}): Interpreted {
  const history: HistoryEvent[] = [];
  const run = start(definition, input, (event) => history.push(event));
  while (run.ending === undefined) {
    const call = run.calls.shift();
    if (call !== undefined) answer(run, call, functions);
    else deliver(run, { type: 'woken', at: wakeAt(run)! });
  }
  const entered = history
    .filter(({ type }) => type.endsWith('StateEntered'))
    .map((event) => event.stateEnteredEventDetails!.name as string);
  return { ending: run.ending, history, entered, transitions: run.transitions, took: run.now - startedAt };
}

export function start(definition: unknown, input: unknown = {}, record?: (event: HistoryEvent) => void): Run {
  return begin(
    {
      executionArn: 'arn:aws:states:us-east-1:000000000000:execution:Test:one',
      name: 'one',
      machineArn: 'arn:aws:states:us-east-1:000000000000:stateMachine:Test',
      machineName: 'Test',
      roleArn: 'arn:aws:iam::000000000000:role/test',
      definition: loadStateMachine('Test', definition),
      input,
      at: startedAt,
      seed: 'a test',
    },
    record,
  );
}

function answer(run: Run, { ticket, function: name, payload }: Call, functions: Functions): void {
  try {
    const answering = functions[name.split(':').at(-1)!];
    if (answering === undefined) throw new Error(`the test gives no function ${name}`);
    deliver(run, { type: 'succeeded', at: run.now, ticket, result: answering(payload) });
  } catch (error) {
    const { name: errorName, message } = error as Error;
    deliver(run, { type: 'failed', at: run.now, ticket, error: errorName, cause: message });
  }
}

/** A Task that calls a function with the state's input. */
export const task = (name: string, rest: object = { End: true }) => ({
  Type: 'Task',
  Resource: `arn:aws:lambda:us-east-1:000000000000:function:${name}`,
  ...rest,
});

/** A definition of one state. */
export const alone = (state: object) => ({ StartAt: 'Only', States: { Only: state } });

/** What a definition of one state gives. */
export const outputOf = (state: object, input: unknown = {}, functions: Functions = {}): unknown => {
  const { ending } = interpret(alone(state), input, functions);
  return ending.status === 'SUCCEEDED' ? ending.output : ending;
};

export const failure = (error: string, cause: unknown) => ({ status: 'FAILED', failure: { error, cause } });
