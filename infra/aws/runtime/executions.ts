import type { MiddyfiedHandler } from '@middy/core';
import { logged, start } from './start.ts';
import { openQueue } from './wakes.ts';

/** What turns the ends of executions into wakes. */
export function serve<Event, Result>(executions: MiddyfiedHandler<Event, Result>) {
  start({ queue: openQueue() });
  return logged(executions);
}
