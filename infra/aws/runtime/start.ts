import type { MiddyfiedHandler } from '@middy/core';
import { type Host, useHost } from '../../../shared/lambda/host.ts';
import { systemClock as clock, systemRandom as random } from '../../system.ts';
import { log, withRequestId } from './log.ts';

/** What every function has. */
export const system = { clock, random, log };

/** Says on which host this process runs, with the ports that its function needs and its role allows; asking for another is a mistake. */
export function start(ports: Partial<Host>): void {
  const given: Partial<Host> = { ...system, ...ports };
  useHost(
    new Proxy(given as Host, {
      get(target, port) {
        if (port in target) return target[port as keyof Host];
        if (optional.has(port)) return undefined;
        throw new Error(`this function has no ${String(port)}`);
      },
    }),
  );
}

/** Ports that a host need not have. */
const optional = new Set<string | symbol>(['authorize', 'rulesOf', 'longestWatch', 'gauge']);

/** A door of shared/lambda whose log lines carry the id of the request. */
export const logged = <Event, Result>(door: MiddyfiedHandler<Event, Result>) => door.use(withRequestId);
