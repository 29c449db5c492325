import { sweepDoor } from '../shared/lambda/schedule.ts';

/** The schedule, every minute -> the queues of the reconcilers. */
export const sweep = sweepDoor();
