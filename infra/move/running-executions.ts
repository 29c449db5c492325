import { ListExecutionsCommand, ListStateMachinesCommand, type SFNClient } from '@aws-sdk/client-sfn';
import { workflows } from '../../shared/kinds/workflows.ts';

/** The names of the executions of a plane's state machines that have not ended. Its state machines are called `<prefix><workflow>`. */
export async function runningExecutions(client: SFNClient, prefix: string): Promise<string[]> {
  const names = new Set(workflows.map(({ name }) => prefix + name));
  const arns = await pages(
    (nextToken) => client.send(new ListStateMachinesCommand({ nextToken })),
    ({ stateMachines = [] }) => stateMachines.filter(({ name }) => names.has(name ?? '')).map(({ stateMachineArn }) => stateMachineArn),
  );
  const running: string[] = [];
  for (const stateMachineArn of arns)
    running.push(
      ...(await pages(
        (nextToken) => client.send(new ListExecutionsCommand({ stateMachineArn, statusFilter: 'RUNNING', nextToken })),
        ({ executions = [] }) => executions.map(({ name = '' }) => name),
      )),
    );
  return running;
}

async function pages<Page extends { readonly nextToken?: string | undefined }, T>(
  ask: (nextToken: string | undefined) => Promise<Page>,
  read: (page: Page) => readonly T[],
): Promise<T[]> {
  const found: T[] = [];
  let nextToken: string | undefined;
  do {
    const page = await ask(nextToken);
    found.push(...read(page));
    nextToken = page.nextToken;
  } while (nextToken !== undefined);
  return found;
}
