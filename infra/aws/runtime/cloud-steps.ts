import type { MiddyfiedHandler } from '@middy/core';
import { settings } from '../settings.ts';
import { logged, start } from './start.ts';
import { openTable } from './table.ts';

/** The steps that touch one cloud, where the cloud itself is, unless the environment names another endpoint for its SDK. */
export function serve<Event, Result>(steps: MiddyfiedHandler<Event, Result>) {
  start({ ...openTable(), settings, endpointOf: () => undefined });
  return logged(steps);
}
