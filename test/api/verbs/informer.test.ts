import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { KubeObject } from '../../../shared/kinds/object.ts';
import { type Harness, merge, openApi, paths } from '../harness.ts';

/** A client that lists, watches from there, loses its watch and takes it up again, knows in the end what a list would say. */

const name = fc.constantFrom('a', 'b', 'c');
const step = fc.oneof(
  { weight: 4, arbitrary: fc.record({ do: fc.constant('create' as const), name, set: fc.constantFrom('in', 'out') }) },
  { weight: 4, arbitrary: fc.record({ do: fc.constant('label' as const), name, set: fc.constantFrom('in', 'out') }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('change' as const), name }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('delete' as const), name }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('reconnect' as const), informer: fc.nat(2) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('hear' as const), informer: fc.nat(2) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('pass' as const), ms: fc.constantFrom(1, 1000) }) },
);
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

/** What a client's cache does with a list and with events. */
function informer({ api, send, clock }: Harness, selector: string) {
  const known = new Map<string, string>();
  const query: Record<string, string> = selector === '' ? {} : { labelSelector: selector };
  let version = '';
  let leave = new AbortController();
  let read: Promise<void> = Promise.resolve();

  async function connect(timeoutSeconds = '3600'): Promise<void> {
    leave = new AbortController();
    const parameters = new URLSearchParams({
      ...query,
      watch: 'true',
      resourceVersion: version,
      allowWatchBookmarks: 'true',
      timeoutSeconds,
    });
    const response = await api(new Request(`https://plane${paths.configMaps}?${parameters}`, { signal: leave.signal }));
    expect(response.status).toBe(200);
    read = (async () => {
      const text = new TextDecoder();
      for await (const chunk of response.body!) for (const line of text.decode(chunk).split('\n')) if (line !== '') learn(JSON.parse(line));
    })();
  }

  // biome-ignore lint/suspicious/noExplicitAny: events hold objects of every shape
  function learn({ type, object }: { type: string; object: any }): void {
    version = object.metadata.resourceVersion;
    if (type === 'ERROR') throw new Error(JSON.stringify(object));
    if (type === 'DELETED') known.delete(object.metadata.name);
    else if (type !== 'BOOKMARK')
      known.set(object.metadata.name, `${object.metadata.uid} ${JSON.stringify([object.data, object.metadata.labels])}`);
  }

  return {
    known,
    async start(): Promise<void> {
      const { body } = await send('GET', `${paths.configMaps}?${new URLSearchParams(query)}`);
      for (const object of body.items) learn({ type: 'ADDED', object });
      version = body.metadata.resourceVersion;
      await connect();
    },
    /** As a connection that breaks: what is on its way is lost. */
    async reconnect(): Promise<void> {
      leave.abort();
      await read;
      await connect();
    },
    /** Lets what is on its way arrive. */
    hear: () => clock.advance(0),
    async finish(): Promise<void> {
      leave.abort();
      await read;
      await connect('1');
      await clock.advance(0);
      await clock.advance(1000);
      await read;
    },
    async truth(): Promise<Map<string, string>> {
      const { body } = await send('GET', `${paths.configMaps}?${new URLSearchParams(query)}`);
      return new Map(
        (body.items as KubeObject[]).map(({ metadata, data }) => [
          metadata.name,
          `${metadata.uid} ${JSON.stringify([data, metadata.labels])}`,
        ]),
      );
    },
  };
}

describe('list and watch', () => {
  it('equal the store after any interleaving, with selectors, and with watches that are taken up again at any point', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 3, maxLength: 25 }), fc.nat(25), async (steps, begin) => {
        const api = await openApi();
        const informers = ['', 'set=in', 'set!=in'].map((selector) => informer(api, selector));
        for (const [i, one] of steps.entries()) {
          if (i === begin % steps.length) for (const each of informers) await each.start();
          if ('informer' in one && i <= begin % steps.length) continue;
          await carryOut(api, one, informers, i);
        }
        for (const each of informers) {
          await each.finish();
          expect([...each.known].sort()).toEqual([...(await each.truth())].sort());
        }
        expect(api.failures).toEqual([]);
      }),
      { numRuns: 60 },
    );
  });
});

async function carryOut(api: Harness, one: Step, informers: ReturnType<typeof informer>[], turn: number): Promise<void> {
  switch (one.do) {
    case 'create':
      await api.send('POST', paths.configMaps, { metadata: { name: one.name, labels: { set: one.set } }, data: { turn: `${turn}` } });
      return;
    case 'label':
      await api.send('PATCH', `${paths.configMaps}/${one.name}`, { metadata: { labels: { set: one.set } } }, merge);
      return;
    case 'change':
      await api.send('PATCH', `${paths.configMaps}/${one.name}`, { data: { turn: `${turn}` } }, merge);
      return;
    case 'delete':
      await api.send('DELETE', `${paths.configMaps}/${one.name}`);
      return;
    case 'reconnect':
      return informers[one.informer]!.reconnect();
    case 'hear':
      return informers[one.informer]!.hear();
    case 'pass':
      await api.clock.advance(one.ms);
  }
}
