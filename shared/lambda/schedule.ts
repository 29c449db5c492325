import middy from '@middy/core';
import type { Ask } from '../collect/collector.ts';
import { observeClusters } from '../reconcile/observe.ts';
import { sweep } from '../reconcile/sweep.ts';
import { type Host, host } from './host.ts';

/** What a schedule sends: which minute this is decides what is looked at. */
export interface Tick {
  /** RFC 3339. */
  readonly time: string;
}

/** The next minute asks again. */
async function collectAfter(ask: Ask, { collect, log }: Host): Promise<void> {
  if (ask.length === 0) return;
  await collect(ask).catch((error: unknown) => log.warn('the collector could not be called', { error: String(error) }));
}

/** Every minute: queue what is due, now and then everything, and look at the clusters whose turn it is. */
export const sweepDoor = () =>
  middy<Tick, void>().handler(async ({ time }) => {
    const ports = host();
    const minute = Math.floor(Date.parse(time) / 60_000);
    const { everything = 10 } = ports.settings.cadence ?? {};
    const what = minute % everything === 0 ? 'everything' : 'due';
    const { queued, oldestDue, ending } = await sweep(what, ports);
    await collectAfter(what === 'everything' ? what : ending, ports);
    ports.gauge?.('OldestDueSeconds', Math.max(0, Math.round((ports.clock.now() - oldestDue) / 1000)));
    const observed = await observeClusters(minute, ports);
    ports.log.debug('swept', { queued, observed });
  });
