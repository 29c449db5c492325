import type { Clock } from '../../ports.ts';
import { TokenRefused } from './bearer.ts';

/** A GET by `fetch`, as the host hands it in. A redirect is given back as the answer, never followed. */
export type Ask = (
  url: string,
  request: { readonly method: 'GET'; readonly headers: Headers; readonly redirect: 'manual'; readonly signal: AbortSignal },
) => Promise<Response>;

export interface Answer {
  readonly status: number;
  readonly body: string;
}

const longestWait = 10_000;

/** The whole answer, whatever its status. Throws TokenRefused when there is none within ten seconds. */
export async function answerTo(ask: Ask, clock: Clock, url: string, headers: Readonly<Record<string, string>>): Promise<Answer> {
  const { host } = new URL(url);
  const late = new AbortController();
  const over = new AbortController();
  const deadline = clock.sleep(longestWait, over.signal).then((): never => {
    late.abort();
    throw new TokenRefused(`${host} did not answer in ${longestWait / 1000} s`);
  });
  const exchange = async (): Promise<Answer> => {
    const response = await ask(url, { method: 'GET', headers: new Headers(headers), redirect: 'manual', signal: late.signal });
    return { status: response.status, body: await response.text() };
  };
  try {
    return await Promise.race([exchange(), deadline]);
  } catch (error) {
    if (error instanceof TokenRefused) throw error;
    // Of the URL only the host is told, and of the error only the name: both may carry what opens a door.
    throw new TokenRefused(`${host} did not answer: ${error instanceof Error ? error.name : 'unknown error'}`);
  } finally {
    over.abort();
  }
}
