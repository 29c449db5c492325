import type { MiddyfiedHandler } from '@middy/core';
import { logged, start } from './start.ts';
import { openTable } from './table.ts';
import { openQueue } from './wakes.ts';

/** What turns the table's stream into wakes. */
export function serve<Event, Result>(dispatch: MiddyfiedHandler<Event, Result>) {
  start({ ...openTable(), queue: openQueue() });
  return logged(dispatch);
}
