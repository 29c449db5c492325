import { createAlarms } from './alarms.ts';
import { createApi } from './api.ts';
import { createDashboard } from './dashboard.ts';
import { watchExecutions } from './executions.ts';
import { createFunctions } from './functions.ts';
import { tellHowToReach } from './outputs.ts';
import type { Plan } from './plan.ts';
import { createQueues } from './queues.ts';
import { scheduleSweep } from './schedule.ts';
import { createStateMachines } from './state-machines.ts';
import { createStorage } from './storage.ts';
import { createUndelivered, mapStream } from './stream.ts';

/** Everything that a plane is made of on AWS. */
export function createPlane(plan: Plan): void {
  const storage = createStorage(plan);
  const functions = createFunctions(plan, storage);
  const restApi = createApi(plan, functions);

  const undelivered = createUndelivered(plan);
  mapStream(plan, storage, functions, undelivered);
  scheduleSweep(plan, functions);
  const deadLetterQueues = createQueues(plan, functions);

  const stateMachines = createStateMachines(plan, functions);
  const failedExecutionsRule = watchExecutions(plan, stateMachines, functions, undelivered);

  const measured = { storage, functions, restApi, failedExecutionsRule, deadLetters: [undelivered, ...deadLetterQueues] };
  createAlarms(plan, measured);
  if (plan.options.dashboard) createDashboard(plan, measured);
  tellHowToReach(plan, storage, restApi.url);
}
