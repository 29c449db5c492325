import { executionDoor } from '../shared/lambda/execution.ts';
import { dispatchDoor } from '../shared/lambda/stream.ts';

/** The table's stream -> the queues of the reconcilers. */
export const dispatch = dispatchDoor();

/** The ends of executions, by an EventBridge rule -> the queues of the reconcilers. */
export const executions = executionDoor();
