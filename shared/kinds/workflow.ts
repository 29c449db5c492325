/**
 * Workflows as data: the words that make a state machine read as a sentence. One definition serves CDK
 * (`DefinitionBody.fromString`) and the local interpreter.
 */
import type { State, StateMachine, TaskState } from './states-language.ts';

/** A state machine and the name under which `Workflows` of `ports.ts` starts it. */
export interface Workflow {
  readonly name: string;
  readonly definition: StateMachine;
}

/** What a step's Lambda is called with. `input` is the execution's input, and under each step's name what it answered last. */
export interface StepCall {
  readonly step: string;
  readonly input: Readonly<Record<string, unknown>>;
  readonly execution: string;
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
};

/** Asking, looking and pausing write 9 events; 2,000 rounds are 18,000 of the 25,000 that a history may hold. Retries get the rest. */
const mostRounds = 2_000;

/** Seconds: a step that always asks to be asked at once does not spin. */
const shortestPause = 0.1;

/** Completes what a step said at `now` (ms since 1970); a loop that came too close to the end of its history hands over. */
export function answer(call: StepCall, outcome: StepOutcome, now: number): StepAnswer {
  const { settled, says, checkAgainIn = 5, superseded = false, handOver = false } = outcome;
  const asked = Object.values(call.input).reduce<number>((sum, value) => sum + roundOf(value), 1);
  const endless = !settled && !superseded && asked >= mostRounds;
  const checkAt = new Date(now + 1000 * Math.max(shortestPause, checkAgainIn)).toISOString();
  return { settled, says, checkAt, superseded, handOver: handOver || endless, round: roundOf(call.input[call.step]) + 1 };
}

const roundOf = (value: unknown): number =>
  typeof value === 'object' && value !== null && 'round' in value && typeof value.round === 'number' ? value.round : 0;

/** One step of a sequence. */
export interface Step {
  readonly name: string;
  readonly asks: 'once' | 'until settled';
  /** The Lambda of the machine's platform (`$.platform` of the input) carries it out. */
  readonly cloud: boolean;
}

/** A step that settles whenever it is called: one Task. */
export const step = (name: string, { cloud = false } = {}): Step => ({ name, asks: 'once', cloud });

/** A step that is asked again, at the pace that it sets, until it has settled: Ask, look, pause. */
export const until = (name: string, { cloud = false } = {}): Step => ({ name, asks: 'until settled', cloud });

/** One step after the other. Every Task has the same failure exit: RecordFailure writes the condition, then the execution fails. */
export function sequence(name: string, steps: readonly Step[], { comment = '', timeoutSeconds = 86_400 } = {}): Workflow {
  const names = steps.map((each) => each.name);
  if (new Set(names).size < names.length) throw new Error(`workflow ${name}: two steps have the same name: ${names.join(', ')}`);
  const states = steps.flatMap((each, i) => Object.entries(statesOf(each, names[i + 1] ?? 'Done')));
  const definition: StateMachine = {
    ...(comment === '' ? {} : { Comment: comment }),
    StartAt: names[0] ?? 'Done',
    TimeoutSeconds: timeoutSeconds,
    States: { ...Object.fromEntries(states), Done: { Type: 'Succeed' }, ...(loops(steps) ? earlyEnds : {}), ...failureExit },
  };
  return { name, definition };
}

const loops = (steps: readonly Step[]) => steps.some(({ asks }) => asks === 'until settled');

function statesOf({ name, asks, cloud }: Step, next: string): Record<string, State> {
  const look = `${name} settled?`;
  const pause = `Pause before ${name}`;
  const says = (field: keyof StepAnswer, then: string) => ({ Variable: `$.${name}.${field}`, BooleanEquals: true, Next: then });
  if (asks === 'once') return { [name]: ask(name, cloud, next) };
  return {
    [name]: ask(name, cloud, look),
    [look]: {
      Type: 'Choice',
      Choices: [says('superseded', 'Superseded'), says('settled', next), says('handOver', 'HandedOver')],
      Default: pause,
    },
    [pause]: { Type: 'Wait', TimestampPath: `$.${name}.checkAt`, Next: name },
  };
}

/** Names of functions, as each host fills them in: CDK by DefinitionSubstitutions. */
const filledIn = (placeholder: string) => `\${${placeholder}}`;
const steps = { FunctionName: filledIn('Steps') };
/** One Lambda for each cloud: `<CloudSteps>-gce`. */
const platformsSteps = { 'FunctionName.$': `States.Format('${filledIn('CloudSteps')}-{}', $.platform)` };

const ask = (name: string, cloud: boolean, next: string): TaskState => ({
  ...call(name, cloud ? platformsSteps : steps),
  ResultSelector: {
    'settled.$': '$.Payload.settled',
    'says.$': '$.Payload.says',
    'checkAt.$': '$.Payload.checkAt',
    'superseded.$': '$.Payload.superseded',
    'handOver.$': '$.Payload.handOver',
    'round.$': '$.Payload.round',
  },
  ResultPath: `$.${name}`,
  Catch: [{ ErrorEquals: ['States.ALL'], ResultPath: '$.failure', Next: 'RecordFailure' }],
  Next: next,
});

const call = (name: string, target: Readonly<Record<string, string>>) =>
  ({
    Type: 'Task',
    Resource: 'arn:aws:states:::lambda:invoke',
    Parameters: { ...target, Payload: { step: name, 'input.$': '$', 'execution.$': '$$.Execution.Name' } },
    // No Lambda lives longer.
    TimeoutSeconds: 900,
    Retry: [
      {
        ErrorEquals: [
          'Lambda.ClientExecutionTimeoutException',
          'Lambda.ServiceException',
          'Lambda.AWSLambdaException',
          'Lambda.SdkClientException',
          'Lambda.TooManyRequestsException',
          'Lambda.Unknown',
          'Sandbox.Timedout',
          'States.Timeout',
        ],
        IntervalSeconds: 2,
        MaxAttempts: 6,
        BackoffRate: 2,
        JitterStrategy: 'FULL',
      },
      // 2 + 4 + 8 + 16 + 32 seconds, then a minute each: about a quarter of an hour in all, half of it with full jitter.
      {
        ErrorEquals: ['RetryLater', 'Conflict'],
        IntervalSeconds: 2,
        MaxAttempts: 20,
        BackoffRate: 2,
        MaxDelaySeconds: 60,
        JitterStrategy: 'FULL',
      },
    ],
  }) as const;

const earlyEnds: Record<string, State> = { Superseded: { Type: 'Succeed' }, HandedOver: { Type: 'Succeed' } };

/** RecordFailure gets `{Error, Cause}` as `input.failure`. */
const failureExit: Record<string, State> = {
  RecordFailure: { ...call('RecordFailure', steps), ResultPath: null, Next: 'Failed' },
  Failed: { Type: 'Fail', ErrorPath: '$.failure.Error', CausePath: '$.failure.Cause' },
};
