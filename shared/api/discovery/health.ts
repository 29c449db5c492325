/** The checks of `/healthz`, `/livez` and `/readyz`. Who hears an answer knows already what there is to know: that somebody answers. */
const checks = ['ping'];

const path = /^\/(healthz|livez|readyz)(?:\/([^/]+))?$/;

/** As upstream: `ok`, with `?verbose` a line for each check, and each check below its own path. Undefined: the path is none of these. */
export function healthAt(pathname: string, query: URLSearchParams): Response | undefined {
  const [, name, check] = path.exec(pathname) ?? [];
  if (name === undefined) return undefined;
  if (check !== undefined) return checks.includes(check) ? text('ok') : undefined;
  if (!query.has('verbose')) return text('ok');
  const excluded = query.getAll('exclude');
  const lines = checks.map((each) => (excluded.includes(each) ? `[+]${each} excluded: ok` : `[+]${each} ok`));
  return text([...lines, `${name} check passed`, ''].join('\n'));
}

const text = (body: string): Response =>
  new Response(body, {
    headers: { 'content-type': 'text/plain; charset=utf-8', 'cache-control': 'no-cache, private', 'x-content-type-options': 'nosniff' },
  });
