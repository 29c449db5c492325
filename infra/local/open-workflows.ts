import { join } from 'node:path';
import { SFNClient } from '@aws-sdk/client-sfn';
import type { StepCall } from '../../shared/kinds/workflow.ts';
import { workflows as stateMachines } from '../../shared/kinds/workflows.ts';
import { sfnWorkflows } from '../../shared/lambda/workflows.ts';
import type { Log, Workflows } from '../../shared/ports.ts';
import { systemClock as clock, systemRandom as random } from '../system.ts';
import { ended, functionNamed } from './functions.ts';
import { createOldestFirst } from './oldest-first.ts';
import { createStepFunctions } from './stepfunctions/step-functions.ts';

export interface OpenWorkflows {
  /** Reached as on AWS, by the SDK over the wire. */
  readonly workflows: Workflows;
  readonly endpoint: string;
  /** State transitions that AWS would bill, since the start. */
  transitions(): number;
  close(): Promise<void>;
}

/** The state machines, behind a Step Functions endpoint. Executions of a former process go on once the caller has returned. */
export async function openWorkflows({
  data,
  port,
  log,
}: {
  readonly data: string;
  readonly port: number;
  readonly log: Log;
}): Promise<OpenWorkflows> {
  const calls = createOldestFirst({ atOnce: 16 });
  const stepFunctions = await createStepFunctions({
    machines: Object.fromEntries(stateMachines.map((workflow) => [workflow.name, workflow.definition])),
    substitutions: { Steps: 'steps', CloudSteps: 'clouds' },
    invoke: (lambda, payload) => calls.run((payload as StepCall).execution, () => functionNamed(lambda)(payload)),
    ended: (execution) => {
      calls.forget(execution.name);
      void ended(execution).catch((error: unknown) =>
        log.error('could not tell of the end of an execution', { name: execution.name, error: String(error) }),
      );
    },
    clock,
    random,
    dataDir: join(data, 'executions'),
    port,
  });
  const client = new SFNClient({
    endpoint: stepFunctions.url,
    region: 'us-east-1',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
  });
  return {
    workflows: sfnWorkflows({ client, arnOf: stepFunctions.arnOf }),
    endpoint: stepFunctions.url,
    transitions: () => stepFunctions.transitions(),
    async close() {
      await stepFunctions.close();
      client.destroy();
    },
  };
}
