import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { Conflict, NotFound, RetryLater } from '../../../shared/errors.ts';
import { kindNamed } from '../../../shared/kinds/index.ts';
import type { KubeObject } from '../../../shared/kinds/object.ts';
import type { Store } from '../../../shared/store/store.ts';
import { configMapNamed, deploymentNamed, type Harness, jsonPatchType, merge, openApi, paths } from '../harness.ts';

/** Between any two calls the process or the network may fail: the object is then as it was or as it was wanted, and nobody hears of a success that was none. */

const applyType = { 'content-type': 'application/apply-patch+yaml' };
const there = `${paths.configMaps}/there`;
const held = `${paths.configMaps}/held`;
const deployment = `${paths.deployments}/d`;

type Write = readonly [method: string, path: string, body: unknown, headers?: Record<string, string>];
const writes: readonly Write[] = [
  ['POST', paths.configMaps, configMapNamed('new', { a: '1' })],
  ['POST', paths.configMaps, { ...configMapNamed('new'), metadata: { generateName: 'new-' } }],
  ['PUT', there, configMapNamed('there', { a: '2' })],
  ['PATCH', there, { data: { b: '2' } }, merge],
  ['PATCH', there, [{ op: 'add', path: '/data/c', value: '3' }], jsonPatchType],
  ['PATCH', `${there}?fieldManager=m&force=true`, configMapNamed('there', { a: '9' }), applyType],
  ['PATCH', `${paths.configMaps}/new?fieldManager=m`, configMapNamed('new', { a: '9' }), applyType],
  ['PATCH', `${deployment}/status`, { status: { observedGeneration: 1 } }, merge],
  ['PATCH', `${deployment}/scale`, { spec: { replicas: 7 } }, merge],
  ['DELETE', there, undefined],
  ['DELETE', held, undefined],
  ['PATCH', held, { metadata: { finalizers: null } }, merge],
];

const errors = [
  () => new Error('it broke'),
  () => new RetryLater('not now'),
  () => new RetryLater('slow down', { throttled: true }),
  () => new Conflict('somebody else was faster'),
  () => new NotFound('it has gone'),
];

/** The store, of which one call fails: before it does anything, or when it has done it. */
function failingAt(store: Store, turn: number, late: boolean, error: () => Error): { store: Store; met: () => boolean } {
  let calls = 0;
  const guarded = new Set(['get', 'list', 'create', 'update', 'remove']);
  const failing = new Proxy(
    { ...store },
    {
      get(target, property) {
        const method = Reflect.get(target, property, target);
        if (typeof method !== 'function' || !guarded.has(String(property))) return method;
        return async (...args: unknown[]) => {
          if (calls++ !== turn) return method.apply(target, args);
          if (late) await method.apply(target, args);
          throw error();
        };
      },
    },
  );
  return { store: failing, met: () => calls > turn };
}

async function prepared(): Promise<Harness> {
  const api = await openApi();
  await api.send('POST', paths.configMaps, configMapNamed('there', { a: '1' }));
  await api.send('POST', paths.configMaps, { ...configMapNamed('held'), metadata: { name: 'held', finalizers: ['a.b/c'] } });
  await api.send('POST', paths.deployments, deploymentNamed('d', 3));
  return api;
}

/** All that is stored, but for what each write gives anew. */
async function stateOf({ store }: Harness): Promise<unknown[]> {
  const kinds = [kindNamed('', 'ConfigMap')!, kindNamed('cluster.k8s.io', 'MachineDeployment')!];
  const lists = await Promise.all(kinds.map((kind) => store.list(kind)));
  return lists.flatMap(({ items }) => items.map(withoutIdentity));
}

function withoutIdentity({ metadata, ...object }: KubeObject): unknown {
  const { uid: _, resourceVersion: __, name, ...rest } = metadata;
  return { ...object, metadata: { ...rest, name: name.replace(/^new-.*/, 'new-') } };
}

describe('a call of the store that fails', () => {
  it('leaves the object as it was or as it was wanted, and is no success unless it is as wanted', async () => {
    const calm = await Promise.all(
      writes.map(async ([method, path, body, headers]) => {
        const api = await prepared();
        const before = await stateOf(api);
        await api.send(method, path, body, headers);
        return { before, after: await stateOf(api) };
      }),
    );
    let refused = 0;
    const fault = fc.record({ write: fc.nat(writes.length - 1), turn: fc.nat(3), late: fc.boolean(), error: fc.constantFrom(...errors) });
    await fc.assert(
      fc.asyncProperty(fault, async ({ write, turn, late, error }) => {
        const [method, path, body, headers] = writes[write]!;
        const { before, after } = calm[write]!;
        const api = await prepared();
        // The store finds its own writes again: it never says of one that it has done that somebody else was faster.
        const passes = error() instanceof Conflict || error() instanceof NotFound;
        const { store, met } = failingAt(api.store, turn, late && !passes, error);
        const { send } = await openApi({ store, clock: api.clock });
        const { code, body: answer } = await send(method, path, body, headers);
        const state = await stateOf(api);
        if (code < 300) expect(state).toEqual(after);
        else {
          expect([before, after]).toContainEqual(state);
          expect(met()).toBe(true);
          refused++;
          expect([answer.kind, answer.code]).toEqual(['Status', code]);
          expect([404, 409, 429, 500, 503]).toContain(code);
        }
      }),
      { numRuns: 150 },
    );
    expect(refused).toBeGreaterThan(20);
  });
});
