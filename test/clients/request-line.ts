/** A request for the log of a test: `PATCH /api/v1/namespaces/x?dryRun=All&force=true application/merge-patch+json`. */
export function lineOf({ method, url, headers }: Request): string {
  const { pathname, searchParams } = new URL(url);
  searchParams.sort();
  const query = decodeURIComponent(searchParams.toString());
  const type = headers.get('content-type');
  return `${method} ${pathname}${query && '?'}${query}${type === null ? '' : ` ${type}`}`;
}

/** Whether clients keep the answer for the next command: whether it is asked again depends on what ran before. */
export function isKept({ url }: Request): boolean {
  return /^\/(version|openapi\/.*|api(\/v1)?|apis(\/[^/]+){0,2})$/.test(new URL(url).pathname);
}
