import { SFNClient } from '@aws-sdk/client-sfn';
import { sfnWorkflows } from '../../../shared/lambda/workflows.ts';
import type { Workflows } from '../../../shared/ports.ts';
import { environment } from './environment.ts';

/** The plane's state machines, and where an operator reads what they did. */
export function openWorkflows(): Workflows {
  const arnOf = (workflow: string) => environment.stateMachines() + workflow;
  return sfnWorkflows({ client: new SFNClient(), arnOf, linkTo: consoleLink });
}

/** `arn:PARTITION:states:REGION:...`: each partition has a console of its own. */
export function consoleLink(executionArn: string): string {
  const [, partition = '', , region = ''] = executionArn.split(':');
  const domain = consoles[partition] ?? 'console.aws.amazon.com';
  return `https://${region}.${domain}/states/home?region=${region}#/v2/executions/details/${executionArn}`;
}

const consoles: Readonly<Record<string, string>> = {
  'aws-cn': 'console.amazonaws.cn',
  'aws-us-gov': 'console.amazonaws-us-gov.com',
};
