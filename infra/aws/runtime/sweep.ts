import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import type { MiddyfiedHandler } from '@middy/core';
import { ensureDefaultRoles } from '../../../shared/api/authorize/ensure-default-roles.ts';
import type { Collect } from '../../../shared/collect/collector.ts';
import type { Asked } from '../../../shared/lambda/collect.ts';
import type { Invoke } from '../../../shared/reconcile/observe.ts';
import { ensureNamespaces } from '../../../shared/store/dynamodb.ts';
import { environment } from './environment.ts';
import { gauge } from './metrics.ts';
import { logged, start } from './start.ts';
import { openTable } from './table.ts';
import { openQueue } from './wakes.ts';

/** What the schedule calls. The first call of a process sees to the namespaces and roles that always exist. */
export function serve<Event, Result>(sweep: MiddyfiedHandler<Event, Result>) {
  const table = openTable();
  const client = new LambdaClient();
  const calls = { invoke: invokeSteps(client), collect: invokeCollect(client) };
  start({ ...table, ...calls, queue: openQueue(), settings: environment.settings(), gauge });
  let ensured: Promise<void> | undefined;
  const before = (): Promise<void> => {
    ensured ??= ensureNamespaces(table.store).then(() => ensureDefaultRoles(table.store));
    ensured.catch(() => (ensured = undefined));
    return ensured;
  };
  return logged(sweep).use({ before });
}

const invokeSteps =
  (client: LambdaClient): Invoke =>
  (lambda, calls) =>
    ask(client, lambda === 'steps' ? environment.steps() : `${environment.steps()}-${lambda}`, calls);

const invokeCollect =
  (client: LambdaClient): Collect =>
  (what) => {
    const asked: Asked = { collect: what };
    return ask(client, environment.collect(), asked);
  };

/** Only says that it should be done: the function has its own logs, alarms and time. */
async function ask(client: LambdaClient, FunctionName: string, payload: unknown): Promise<void> {
  await client.send(new InvokeCommand({ FunctionName, InvocationType: 'Event', Payload: JSON.stringify(payload) }));
}
