import middy from '@middy/core';
import { observeClusters } from '../reconcile/observe.ts';
import { sweep } from '../reconcile/sweep.ts';
import { host } from './host.ts';

/** What a schedule sends: which minute this is decides whether all are looked at. */
export interface Tick {
  /** RFC 3339. */
  readonly time: string;
}

/** Every tenth minute everything is looked at, not only what is due. */
const everything = 10;

/** Every minute: queue what is due, and look at every cluster once. */
export const sweepDoor = () =>
  middy<Tick, void>().handler(async ({ time }) => {
    const ports = host();
    const minute = Math.floor(Date.parse(time) / 60_000);
    const queued = await sweep(minute % everything === 0 ? 'everything' : 'due', ports);
    const observed = await observeClusters(ports);
    ports.log.debug('swept', { queued, observed });
  });
