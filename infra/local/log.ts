import type { WriteStream } from 'node:fs';
import type { Clock, Log } from '../../shared/ports.ts';

const levels = ['debug', 'info', 'warn', 'error'] as const;
export type Level = (typeof levels)[number];

/** One line of JSON for each sentence, as CloudWatch would get it. */
export function jsonLog(to: Pick<WriteStream, 'write'>, clock: Clock, from: Level = 'info'): Log {
  const write = (level: Level) => (sentence: string, fields?: Record<string, unknown>) => {
    if (levels.indexOf(level) < levels.indexOf(from)) return;
    to.write(`${JSON.stringify({ time: new Date(clock.now()).toISOString(), level, message: sentence, ...fields })}\n`);
  };
  return { debug: write('debug'), info: write('info'), warn: write('warn'), error: write('error') };
}

export const silentLog: Log = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };
