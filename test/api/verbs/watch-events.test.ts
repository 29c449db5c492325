import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { eventsFor } from '../../../shared/api/verbs/watch-events.ts';
import type { KubeObject } from '../../../shared/kinds/object.ts';
import type { Change } from '../../../shared/store/store.ts';
import { configMapNamed, merge, openApi, paths } from '../harness.ts';
import { watch } from './watching.ts';

describe('what a watcher of a selection is told', () => {
  it('leaves it with what a list would show, whatever the history', () => {
    // Each step sets the label of one object, or deletes it; the watcher has a list from before step `seen`.
    const step = fc.record({ uid: fc.integer({ min: 0, max: 3 }), set: fc.constantFrom('in', 'out', 'gone') });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 20 }), fc.nat({ max: 20 }), (steps, seen) => {
        const state = new Map<number, { set: string; labels: number }>();
        const known = new Set<number>();
        const selector = { matches: (o: KubeObject) => o.metadata.labels?.set === 'in', everything: false };
        const from = Math.min(seen, steps.length);
        const hear = eventsFor(selector, String(from));
        for (const [i, { uid, set }] of steps.entries()) {
          const version = i + 1;
          const before = state.get(uid);
          const labels = before?.set === set ? before.labels : version;
          if (set === 'gone') state.delete(uid);
          else state.set(uid, { set, labels });
          if (version <= from) {
            if (set === 'in') known.add(uid);
            else known.delete(uid);
            continue;
          }
          if (set === 'gone' && before === undefined) continue;
          const change: Change<KubeObject> = {
            type: set === 'gone' ? 'DELETED' : before === undefined ? 'ADDED' : 'MODIFIED',
            resourceVersion: String(version),
            labelsVersion: String(labels),
            object: {
              apiVersion: 'v',
              kind: 'k',
              metadata: { name: 'x', uid: String(uid), labels: { set: set === 'gone' ? before!.set : set } },
            },
          };
          const event = hear(change);
          if (event?.type === 'DELETED') known.delete(uid);
          else if (event !== undefined) known.add(uid);
        }
        const listed = [...state].filter(([, { set }]) => set === 'in').map(([uid]) => uid);
        expect([...known].sort()).toEqual(listed.sort());
      }),
      { numRuns: 500 },
    );
  });
});

it('a list and then its watch are the store, after any interleaving', async () => {
  const names = ['a', 'b', 'c'];
  const action = fc.tuple(fc.constantFrom('create', 'patch', 'delete'), fc.constantFrom(...names));
  await fc.assert(
    fc.asyncProperty(fc.array(action, { maxLength: 12 }), fc.nat({ max: 12 }), async (actions, listedAt) => {
      const api = await openApi();
      const act = async ([what, name]: [string, string], i: number) => {
        if (what === 'create') await api.send('POST', paths.configMaps, configMapNamed(name, { i: String(i) }));
        else if (what === 'patch') await api.send('PATCH', `${paths.configMaps}/${name}`, { data: { i: String(i) } }, merge);
        else await api.send('DELETE', `${paths.configMaps}/${name}`);
      };
      for (const [i, a] of actions.slice(0, listedAt).entries()) await act(a, i);
      const { body } = await api.send('GET', paths.configMaps);
      const mirror = new Map<string, string>(body.items.map((o: KubeObject) => [o.metadata.name, o.metadata.resourceVersion!]));
      const watching = await watch(api.api, paths.configMaps, { resourceVersion: body.metadata.resourceVersion });
      for (const [i, a] of actions.slice(listedAt).entries()) await act(a, 100 + i);
      await api.send('POST', paths.configMaps, configMapNamed('last'));
      for (let event = await watching.next(); event.object.metadata.name !== 'last'; event = await watching.next()) {
        if (event.type === 'DELETED') mirror.delete(event.object.metadata.name);
        else mirror.set(event.object.metadata.name, event.object.metadata.resourceVersion);
      }
      const { body: now } = await api.send('GET', paths.configMaps);
      const expected = now.items
        .filter((o: KubeObject) => o.metadata.name !== 'last')
        .map((o: KubeObject) => [o.metadata.name, o.metadata.resourceVersion]);
      expect([...mirror].sort()).toEqual(expected.sort());
      watching.leave();
    }),
    { numRuns: 25 },
  );
});
