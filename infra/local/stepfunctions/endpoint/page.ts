/** Lists in pages. */
import { badToken } from './errors.ts';

export interface PageRequest {
  readonly maxResults?: number | undefined;
  readonly nextToken?: string | undefined;
}

/** The token names the last item that was sent, so that what was added since moves nothing. */
export function pageOf<T>(items: readonly T[], keyOf: (item: T) => number, { maxResults, nextToken }: PageRequest) {
  const from = nextToken === undefined ? 0 : items.findIndex((item) => keyOf(item) === decoded(nextToken)) + 1;
  if (nextToken !== undefined && from === 0) throw badToken();
  const to = from + (maxResults || 100);
  const page = items.slice(from, to);
  const last = page.at(-1);
  return { page, ...(to < items.length && last !== undefined && { nextToken: encoded(keyOf(last)) }) };
}

const encoded = (key: number) => Buffer.from(`after ${key}`).toString('base64url');
const decoded = (token: string) => Number(/^after (\d+)$/.exec(Buffer.from(token, 'base64url').toString())?.[1]);
