/** The same definition, run by us and by an independent interpreter. */
import { StateMachine } from 'aws-local-stepfunctions';
import { type Functions, interpret, Named } from './interpret.ts';

/** What must be the same. */
export interface Account {
  readonly output?: unknown;
  readonly error?: string;
  readonly cause?: unknown;
  readonly entered: readonly string[];
}

/** What a function does: it fails so many times with an error, then returns a value made from its payload. */
export interface Behaviour {
  readonly failures: number;
  readonly error: string;
}

/** Functions by name, fresh for each run; `fn` answers in the same way for both interpreters. */
export function functionsOf(behaviours: Readonly<Record<string, Behaviour>>): Functions {
  return Object.fromEntries(
    Object.entries(behaviours).map(([name, { failures, error }]) => {
      let called = 0;
      const work = (payload: unknown) => {
        called += 1;
        if (called <= failures) throw new Named(error, `${name} fails`);
        return { by: name, got: payload };
      };
      return [name, work];
    }),
  );
}

export function ours(definition: object, input: unknown, functions: Functions): Account {
  const { ending, entered } = interpret(definition, input, functions);
  if (ending.status === 'SUCCEEDED') return { output: ending.output, entered: entered.filter(isOutermost) };
  if (ending.status !== 'FAILED') throw new Error(`no such end was expected: ${ending.status}`);
  return failed(ending.failure.error, ending.failure.cause, entered.filter(isOutermost));
}

/** Waits and retries pass at once; a state of a Task is answered by the function of the same name. */
export async function theirs(definition: object, input: unknown, functions: Functions): Promise<Account> {
  const names = namesIn(definition);
  const machine = new StateMachine(plain(definition) as never, { validationOptions: { noValidate: true } });
  const { eventLogs, result } = machine.run(plain(input) as never, {
    overrides: {
      taskResourceLocalHandlers: functions as never,
      waitTimeOverrides: Object.fromEntries(names.map((name) => [name, 0])),
      retryIntervalOverrides: Object.fromEntries(names.map((name) => [name, 0])),
    },
  });
  const ended = result.then(
    (output) => ({ output }),
    () => undefined,
  );
  const entered: string[] = [];
  let failure: { readonly Error: string; readonly Cause: unknown } | undefined;
  for await (const event of eventLogs) {
    if (event.type === 'StateEntered') entered.push(event.state.name);
    if (event.type === 'ExecutionFailed') failure = event;
  }
  const succeeded = await ended;
  if (succeeded !== undefined) return { output: succeeded.output, entered: entered.filter(isOutermost) };
  return failed(failure!.Error, failure!.Cause, entered.filter(isOutermost));
}

/** They take objects of this realm with the usual prototype only; fast-check makes others. */
const plain = (value: unknown): unknown => JSON.parse(JSON.stringify(value));

/** The words in which an interpreter itself complains are its own. */
const failed = (error: string, cause: unknown, entered: readonly string[]): Account =>
  error.startsWith('States.') ? { error, entered } : { error, cause, entered };

/** Those inside of a Parallel or Map are named after it, with a letter; their order is by chance. */
const isOutermost = (name: string) => !/\d[a-z]/.test(name);

function namesIn(definition: object): string[] {
  return Object.entries(definition).flatMap(([key, value]) => [
    ...(key === 'States' ? Object.keys(value as object) : []),
    ...(typeof value === 'object' && value !== null ? namesIn(value as object) : []),
  ]);
}
