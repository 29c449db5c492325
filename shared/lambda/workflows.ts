/** The port `Workflows` on Step Functions, of AWS or of the local host: the client's endpoint decides. */
import {
  DescribeExecutionCommand,
  ExecutionAlreadyExists,
  ExecutionDoesNotExist,
  type SFNClient,
  SFNServiceException,
  StartExecutionCommand,
} from '@aws-sdk/client-sfn';
import { RetryLater } from '../errors.ts';
import type { ExecutionStatus, Workflows } from '../ports.ts';

interface Options {
  readonly client: SFNClient;
  /** The ARN of a workflow's state machine. */
  arnOf(workflow: string): string;
  /** Where people read what an execution did, if there is such a place. */
  linkTo?(executionArn: string): string;
}

export function sfnWorkflows({ client, arnOf, linkTo }: Options): Workflows {
  const executionArnOf = (workflow: string, name: string) => `${arnOf(workflow).replace(':stateMachine:', ':execution:')}:${name}`;
  return {
    async start(workflow, name, input) {
      const command = new StartExecutionCommand({ stateMachineArn: arnOf(workflow), name, input: JSON.stringify(input) });
      try {
        await client.send(command);
      } catch (error) {
        // Somebody did, and since the name gives the input, did the same.
        if (!(error instanceof ExecutionAlreadyExists)) throw passing(error);
      }
    },

    async describe(workflow, name) {
      const executionArn = executionArnOf(workflow, name);
      try {
        const { status, output, error, cause } = await client.send(new DescribeExecutionCommand({ executionArn }));
        return {
          name,
          status: statuses[status ?? ''] ?? 'FAILED',
          ...(output !== undefined && { output: JSON.parse(output) as unknown }),
          ...(error !== undefined && { error }),
          ...(cause !== undefined && { cause }),
        };
      } catch (error) {
        if (error instanceof ExecutionDoesNotExist) return undefined;
        throw passing(error);
      }
    },

    ...(linkTo && { linkTo: (workflow: string, name: string) => linkTo(executionArnOf(workflow, name)) }),
  };
}

/** PENDING_REDRIVE, which only a person can bring about, counts as what it was before: failed. */
const statuses: Readonly<Record<string, ExecutionStatus>> = {
  RUNNING: 'RUNNING',
  SUCCEEDED: 'SUCCEEDED',
  FAILED: 'FAILED',
  TIMED_OUT: 'TIMED_OUT',
  ABORTED: 'ABORTED',
};

/** Step Functions throttles new accounts early; what passes by itself is said to. */
function passing(error: unknown): unknown {
  const passes = error instanceof SFNServiceException && (error.name === 'ThrottlingException' || error.$fault === 'server');
  return passes ? new RetryLater(`Step Functions: ${error.message}`, { cause: error }) : error;
}
