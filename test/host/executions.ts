import {
  type ExecutionListItem,
  paginateGetExecutionHistory,
  paginateListExecutions,
  paginateListStateMachines,
  SFNClient,
} from '@aws-sdk/client-sfn';

/** What an operator sees of the executions, with the AWS SDK. */

export const sfnClient = (endpoint: string): SFNClient =>
  new SFNClient({ endpoint, region: 'us-east-1', credentials: { accessKeyId: 'an', secretAccessKey: 'operator' } });

/** All executions, or those of one state machine, the newest first. */
export async function executionsOf(endpoint: string, machine?: string): Promise<ExecutionListItem[]> {
  const client = sfnClient(endpoint);
  const all: ExecutionListItem[] = [];
  for await (const { stateMachines = [] } of paginateListStateMachines({ client }, {})) {
    for (const { name, stateMachineArn } of stateMachines) {
      if (machine !== undefined && name !== machine) continue;
      for await (const { executions = [] } of paginateListExecutions({ client }, { stateMachineArn })) all.push(...executions);
    }
  }
  client.destroy();
  return all;
}

/** The histories of all executions, as one text each. */
export async function allHistories(endpoint: string): Promise<{ name: string; text: string }[]> {
  const client = sfnClient(endpoint);
  const histories: { name: string; text: string }[] = [];
  for (const { executionArn, name = '' } of await executionsOf(endpoint)) {
    let text = '';
    for await (const { events } of paginateGetExecutionHistory({ client }, { executionArn })) text += JSON.stringify(events);
    histories.push({ name, text });
  }
  client.destroy();
  return histories;
}
