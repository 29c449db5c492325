import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import type { MiddyfiedHandler } from '@middy/core';
import { ensureDefaultRoles } from '../../../shared/api/authorize/ensure-default-roles.ts';
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
  start({ ...table, queue: openQueue(), invoke: invokeSteps(new LambdaClient()), settings: environment.settings(), gauge });
  let ensured: Promise<void> | undefined;
  const before = (): Promise<void> => {
    ensured ??= ensureNamespaces(table.store).then(() => ensureDefaultRoles(table.store));
    ensured.catch(() => (ensured = undefined));
    return ensured;
  };
  return logged(sweep).use({ before });
}

/** Only says that it should be done: the function has its own logs, alarms and time. */
const invokeSteps =
  (client: LambdaClient): Invoke =>
  async (lambda, calls) => {
    const FunctionName = lambda === 'steps' ? environment.steps() : `${environment.steps()}-${lambda}`;
    await client.send(new InvokeCommand({ FunctionName, InvocationType: 'Event', Payload: JSON.stringify(calls) }));
  };
