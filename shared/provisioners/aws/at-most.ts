/**
 * Runs at most `limit` things at once; the others wait their turn, in order. The SDK would open no more sockets either,
 * but lets its timeouts run while a request waits for one: a thousand machines at once would time out unsent.
 */
export function atMost(limit: number): <T>(run: () => Promise<T>) => Promise<T> {
  let running = 0;
  const waiting: (() => void)[] = [];
  return async (run) => {
    // Who ends hands its place on, so that `running` need not change then.
    if (running >= limit) await new Promise<void>((resolve) => waiting.push(resolve));
    else running += 1;
    try {
      return await run();
    } finally {
      const next = waiting.shift();
      if (next === undefined) running -= 1;
      else next();
    }
  };
}
