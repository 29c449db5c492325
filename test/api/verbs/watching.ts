import { expect } from '@jest/globals';
import type { Api } from '../../../shared/api/call.ts';

// biome-ignore lint/suspicious/noExplicitAny: events hold objects of every shape
export type Event = { type: string; object: any };

export interface Watching {
  /** The next line that is no heartbeat. */
  next(): Promise<Event>;
  /** The next line as it is; undefined: the watch has ended. */
  line(): Promise<string | undefined>;
  leave(): void;
}

/** Opens a watch as a client does. */
export async function watch(
  api: Api,
  path: string,
  query: Record<string, string> = {},
  headers: Record<string, string> = {},
): Promise<Watching> {
  const left = new AbortController();
  const url = `https://plane${path}?${new URLSearchParams({ watch: 'true', ...query })}`;
  const response = await api(new Request(url, { headers, signal: left.signal }));
  expect(response.status).toBe(200);
  const reader = response.body!.getReader();
  const line = async () => {
    const { value } = await reader.read();
    return value === undefined ? undefined : new TextDecoder().decode(value);
  };
  return {
    line,
    async next() {
      for (;;) {
        const text = await line();
        if (text === undefined) throw new Error('the watch has ended');
        if (text !== '\n') return JSON.parse(text);
      }
    },
    leave: () => left.abort(),
  };
}
