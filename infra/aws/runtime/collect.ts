import type { MiddyfiedHandler } from '@middy/core';
import { logged, start } from './start.ts';
import { openTable } from './table.ts';

/** What deletes that which has no owner left, and lets those go that wait for others. */
export function serve<Event, Result>(collect: MiddyfiedHandler<Event, Result>) {
  start(openTable());
  return logged(collect);
}
