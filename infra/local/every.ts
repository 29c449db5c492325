import type { Clock, Log } from '../../shared/ports.ts';

/** Does something again and again, with a pause between the end of one and the beginning of the next. */
export function every(ms: number, clock: Clock, act: () => Promise<unknown>, log: Log): { close(): Promise<void> } {
  const closing = new AbortController();
  const loop = (async () => {
    for (;;) {
      await clock.sleep(ms, closing.signal);
      if (closing.signal.aborted) return;
      await act().catch((error: unknown) => log.error('a periodic task failed', { error: String(error) }));
    }
  })();
  return {
    async close() {
      closing.abort();
      await loop;
    },
  };
}
