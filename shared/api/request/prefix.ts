/** Beside the request, not in it: what a client sends can never end up here. */
const prefixes = new WeakMap<Request, string>();

/** Says that the path which the client asked for has something in front of it that the host took away: the stage of an API Gateway. */
export const rememberPrefix = (request: Request, prefix: string): void => void prefixes.set(request, prefix);

/** What stands before the paths of this API as the client sees them: `/v1`, or nothing. */
export const prefixOf = (request: Request): string => prefixes.get(request) ?? '';
