import type { ExecutionEnded } from '../../local/stepfunctions/step-functions.ts';
import { place } from './place.ts';

/** The end of an execution, as EventBridge tells of it. */
export const endedEvent = ({ stateMachine, name, status, input }: ExecutionEnded, now: number) => ({
  version: '0',
  id: '315c1398-40ff-a850-213b-158f73e60175',
  'detail-type': 'Step Functions Execution Status Change',
  source: 'aws.states',
  account: place.account,
  time: new Date(now).toISOString(),
  region: place.region,
  resources: [`arn:aws:states:${place.region}:${place.account}:execution:${stateMachine}:${name}`],
  detail: {
    executionArn: `arn:aws:states:${place.region}:${place.account}:execution:${stateMachine}:${name}`,
    stateMachineArn: `arn:aws:states:${place.region}:${place.account}:stateMachine:${stateMachine}`,
    name,
    status,
    input: JSON.stringify(input),
    inputDetails: { included: true },
    output: null,
    outputDetails: null,
  },
});
