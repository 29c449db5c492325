import { NotFound, type PlastronError, RetryLater } from '../../errors.ts';
import type { Clock } from '../../ports.ts';
import type { OpenOptions } from '../provisioner.ts';
import { type Clients, type GceOperation, loadClients } from './clients.ts';
import { classify, operationError } from './errors.ts';
import { readServiceAccount } from './service-account.ts';
import { tokensOf } from './token.ts';

/** Compute Engine as one account sees it. */
export interface Api {
  readonly clock: Clock;
  /** How long something that was asked for and never seen may still come. */
  readonly settlingMs: number;
  /** Sends one request. `what` is what is tried, for the message of a failure: "insert instance talos-gce-master-0". */
  call<T>(what: string, request: Request<T>): Promise<T>;
  /** The same, and undefined when the thing is not there. */
  find<T>(what: string, request: Request<T>): Promise<T | undefined>;
  /** Sends a request that begins an operation, and answers the operation as it is then. */
  begin(what: string, request: Request<{ readonly latestResponse: unknown }>): Promise<GceOperation>;
  close(): void;
}

type Request<T> = (clients: Clients, options: CallOptions) => Promise<[T, ...unknown[]]>;

/** One try, five seconds: whoever called us has its own patience. */
interface CallOptions {
  readonly timeout: number;
  readonly retry: { readonly retryCodes: number[] };
  readonly otherArgs: { readonly headers: { readonly authorization: string } };
}

const callOptions = (token: string): CallOptions => ({
  timeout: 5_000,
  retry: { retryCodes: [] },
  otherArgs: { headers: { authorization: `Bearer ${token}` } },
});

/** Throws Refused at once when the credentials cannot be read; the clients are loaded by the first call. */
export function openApi({ credentials, endpoint, clock }: OpenOptions, settlingSeconds: number): Api {
  const tokens = tokensOf(readServiceAccount(credentials), clock);
  let clients: Promise<Clients> | undefined;
  let closed = false;

  async function call<T>(what: string, request: Request<T>): Promise<T> {
    if (closed) throw new RetryLater(`Compute Engine was not asked to ${what}: the connection was closed`);
    clients ??= loadClients(endpoint);
    const [loaded, token] = await Promise.all([clients, tokens.current()]);
    const first = await attempt(what, request, loaded, token);
    if ('answer' in first) return first.answer;
    if (first.status !== 401) throw first.error;
    // A token can end before its time. Whether the account is refused shows with a new one.
    tokens.drop(token);
    const second = await attempt(what, request, loaded, await tokens.current());
    if ('answer' in second) return second.answer;
    throw second.error;
  }

  return {
    clock,
    settlingMs: settlingSeconds * 1000,
    call,
    find: (what, request) => call(what, request).catch(undefinedIfGone),
    begin: async (what, request) => (await call(what, request)).latestResponse as GceOperation,
    close() {
      closed = true;
      void clients?.then((loaded) => Promise.all(Object.values(loaded).map((client) => client.close())));
    },
  };
}

type Attempt<T> = { readonly answer: T } | { readonly error: PlastronError; readonly status: unknown };

async function attempt<T>(what: string, request: Request<T>, clients: Clients, token: string): Promise<Attempt<T>> {
  try {
    const [answer] = await request(clients, callOptions(token));
    return { answer };
  } catch (error) {
    return { error: classify(what, error), status: (error as { httpStatusCode?: unknown }).httpStatusCode };
  }
}

/** For what is gone, or has gone in the meantime: `.catch(undefinedIfGone)`. */
export function undefinedIfGone(error: unknown): undefined {
  if (!(error instanceof NotFound)) throw error;
}

/** The error that an operation ended with; undefined while it runs, and when it ended well. */
export function failureOf(operation: GceOperation): { readonly code: string; readonly message: string } | undefined {
  const first = operation.error?.errors?.[0];
  if (first !== undefined) return { code: first.code ?? 'UNKNOWN', message: first.message ?? 'no reason given' };
  const status = operation.httpErrorStatusCode ?? 0;
  if (status < 400) return undefined;
  return { code: `HTTP_${status}`, message: operation.httpErrorMessage ?? 'no reason given' };
}

export const isDone = (operation: GceOperation): boolean => operation.status === 'DONE';

/** Throws what an operation that failed means. */
export function throwIfFailed(what: string, operation: GceOperation): void {
  const failure = failureOf(operation);
  if (failure !== undefined) throw operationError(what, failure.code, failure.message);
}
