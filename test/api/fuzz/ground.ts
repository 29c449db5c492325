import { isDeepStrictEqual } from 'node:util';
import { beforeAll, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { apiVersionOf, type Kind } from '../../../shared/kinds/define-kind.ts';
import { kinds } from '../../../shared/kinds/index.ts';
import type { KubeObject } from '../../../shared/kinds/object.ts';
import { type Answer, asTable, type Harness, jsonPatchType, merge, openApi } from '../harness.ts';
import type { Effort } from './effort.ts';
import { seeds } from './seeds.ts';

/** An API that is sent whatever comes to mind, and looked at. */
export interface Ground {
  /** Sends it, and looks at the answer and at what is stored now. */
  check(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<Answer>;
  /** GET of a collection, whose answer alone is looked at. */
  read(path: string, query: Record<string, string>): Promise<void>;
  /** Sends it to where there may be no API at all: only our own failures are looked for. */
  survive(method: string, path: string): Promise<void>;
  /** A test of its own. */
  run<T>(sentence: string, inputs: fc.Arbitrary<T>, property: (input: T) => Promise<unknown>, numRuns: number): void;
}

/**
 * Whatever is sent: the answer is an object or a Status, never a failure of ours; what is stored can be read in every form, and
 * written back without a change. fast-check prints seed and path of what breaks this.
 */
export function ground({ lookEvery, timeout }: Effort): Ground {
  let api: Harness;
  let answered = 0;
  beforeAll(async () => {
    api = await openApi();
    for (const { collection, object } of [...seeds].reverse()) await api.send('POST', collection, object);
  });

  /** Most are refused, and nobody reads where in the code. */
  async function send(...request: Parameters<Harness['send']>): Promise<Answer> {
    const { stackTraceLimit } = Error;
    Error.stackTraceLimit = 0;
    try {
      return await api.send(...request);
    } finally {
      Error.stackTraceLimit = stackTraceLimit;
    }
  }

  async function check(method: string, path: string, body?: unknown, headers: Record<string, string> = {}): Promise<Answer> {
    const answer = await send(method, path, body, headers);
    checkFailures(api);
    if (answer.code >= 400) checkStatus(answer);
    else if (method !== 'GET' && !path.includes('dryRun') && answered++ % lookEvery === 0) await checkStored(answer.body);
    return answer;
  }

  async function checkStored(object: KubeObject): Promise<void> {
    const kind = kinds.find((one) => one.kind === object.kind && apiVersionOf(one) === object.apiVersion);
    const stored = kind && (await api.store.get(kind, { namespace: object.metadata.namespace ?? '', name: object.metadata.name }));
    if (kind === undefined || stored === undefined) return;
    const path = pathOf(kind, stored);
    const got = await api.send('GET', path);
    same(got.body, stored);
    const list = await api.send('GET', path.slice(0, path.lastIndexOf('/')), undefined, asTable);
    same(list.code, 200);
    const writes = [
      ['PUT', got.body, {}],
      ['PATCH', {}, merge],
      ['PATCH', [], jsonPatchType],
    ] as const;
    const [method, body, type] = writes[answered % writes.length]!;
    const again = await api.send(method, path, body, type);
    same([again.code, again.body.metadata?.resourceVersion], [200, stored.metadata.resourceVersion]);
    if (stored.metadata.name !== 'f') await api.store.remove(kind, stored);
    checkFailures(api);
  }

  async function read(path: string, query: Record<string, string>): Promise<void> {
    const answer = await send('GET', `${path}?${new URLSearchParams(query)}`);
    if (answer.code >= 400) checkStatus(answer);
    checkFailures(api);
  }

  async function survive(method: string, path: string): Promise<void> {
    const { code } = await send(method, path, method === 'GET' ? undefined : {});
    same(code < 500, true);
    checkFailures(api);
  }

  return {
    check,
    read,
    survive,
    run: (sentence, inputs, property, numRuns) =>
      it(
        sentence,
        () =>
          fc.assert(
            fc.asyncProperty(inputs, async (input) => void (await property(input))),
            { numRuns },
          ),
        timeout,
      ),
  };
}

/** As `expect`, which takes as long as a request. */
function same(actual: unknown, expected: unknown): void {
  if (!isDeepStrictEqual(actual, expected)) expect(actual).toEqual(expected);
}

const checkFailures = ({ failures }: Harness): void => same(failures.splice(0), []);

function checkStatus({ code, body }: Answer): void {
  const { message, reason, details = {}, ...rest } = body;
  same(rest, { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Failure', code });
  same([typeof message, typeof reason, typeof details], ['string', 'string', 'object']);
  same([message !== '', /^[A-Z][A-Za-z]+$/.test(reason), code < 500 || code === 504], [true, true, true]);
  same(JSON.stringify(body).length < 150_000, true);
}

function pathOf({ group, version, plural }: Kind, { metadata }: KubeObject): string {
  const root = group === '' ? `/api/${version}` : `/apis/${group}/${version}`;
  const namespace = metadata.namespace === undefined ? '' : `/namespaces/${metadata.namespace}`;
  return `${root}${namespace}/${plural}/${encodeURIComponent(metadata.name)}`;
}
