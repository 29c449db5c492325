import { createHash } from 'node:crypto';

/**
 * An answer that changes only with the program: named by its hash, so that a client which has it already is told so (304), as kubectl
 * asks when its copy of discovery has grown old.
 */
export function tagged(request: Request, body: string, headers: Readonly<Record<string, string>>, hash = hashOf(body)): Response {
  const etag = `"${hash}"`;
  const all = { 'cache-control': 'no-cache, private', vary: 'Accept', ...headers, etag };
  const known =
    request.headers
      .get('if-none-match')
      ?.split(',')
      .map((tag) => tag.trim().replace(/^W\//, '')) ?? [];
  return known.includes(etag) ? new Response(null, { status: 304, headers: all }) : new Response(body, { headers: all });
}

export const hashOf = (text: string): string => createHash('sha256').update(text).digest('hex');
