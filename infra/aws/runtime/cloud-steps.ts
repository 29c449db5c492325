import type { MiddyfiedHandler } from '@middy/core';
import { environment } from './environment.ts';
import { logged, start } from './start.ts';
import { openTable } from './table.ts';

/** The steps that touch one cloud. */
export function serve<Event, Result>(steps: MiddyfiedHandler<Event, Result>) {
  start({ ...openTable(), settings: environment.settings(), endpointOf: environment.endpointOf });
  return logged(steps);
}
