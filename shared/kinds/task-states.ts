/** The Task states of a workflow: how they call a step's Lambda, what they keep of its answer, what they retry and where they fail. */
import { longestHistory } from './history.ts';
import type { Retrier, State, TaskState } from './states-language.ts';

/** Names of functions, as each host fills them in: CDK by DefinitionSubstitutions. */
const filledIn = (placeholder: string) => `\${${placeholder}}`;
const steps = { FunctionName: filledIn('Steps') };
/** One Lambda for each cloud: `<CloudSteps>-gce`. */
const platformsSteps = { 'FunctionName.$': `States.Format('${filledIn('CloudSteps')}-{}', $.platform)` };

const retriers = [
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
] as const satisfies readonly Retrier[];

/** How often one Task can be tried again: each retrier counts for itself. */
export const mostRetries = retriers.reduce((sum, { MaxAttempts }) => sum + MaxAttempts, 0);

const told = (step: string) => ({ step, 'input.$': '$', 'execution.$': '$$.Execution.Name', 'retries.$': '$$.State.RetryCount' });

const call = (name: string, target: Readonly<Record<string, string>>, more: Readonly<Record<string, unknown>> = {}) =>
  ({
    Type: 'Task',
    Resource: 'arn:aws:states:::lambda:invoke',
    Parameters: { ...target, Payload: { ...told(name), ...more } },
    // No Lambda lives longer.
    TimeoutSeconds: 900,
    Retry: retriers,
  }) as const;

/** What a state keeps of an answer. What happened comes first: operators read it. */
const kept = ['says', 'settled', 'superseded', 'handOver', 'checkAt', 'round', 'events'];

interface Asked {
  readonly name: string;
  readonly cloud: boolean;
  readonly comment: string;
  /** Events that may still come when the step is asked again. */
  readonly eventsToCome: number;
  readonly next: string;
}

/** Asks a step. The answer stands under the step's name in the data of the execution. */
export const askState = ({ name, cloud, comment, eventsToCome, next }: Asked): TaskState => ({
  ...(comment === '' ? {} : { Comment: comment }),
  ...call(name, cloud ? platformsSteps : steps, { mostEvents: longestHistory - eventsToCome }),
  ResultSelector: Object.fromEntries(kept.map((field) => [`${field}.$`, `$.Payload.${field}`])),
  ResultPath: `$.${name}`,
  Catch: [{ ErrorEquals: ['States.ALL'], ResultPath: '$.failure', Next: 'RecordFailure' }],
  Next: next,
});

/** RecordFailure gets `{Error, Cause}` as `input.failure`. */
export const failureExit: Readonly<Record<string, State>> = {
  RecordFailure: {
    Comment: 'Writes what went wrong into a condition; the reconciler decides what comes next',
    ...call('RecordFailure', steps),
    ResultPath: null,
    Next: 'Failed',
  },
  Failed: { Type: 'Fail', ErrorPath: '$.failure.Error', CausePath: '$.failure.Cause' },
};
