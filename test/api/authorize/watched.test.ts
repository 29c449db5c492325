import { describe, expect, it } from '@jest/globals';
import { asTable, configMapNamed, merge, paths } from '../harness.ts';
import { watch } from '../verbs/watching.ts';
import { openGuarded } from './guarded.ts';
import { canary, keyFile, openWithSecrets as open } from './secrets.ts';

const bob = { authorization: 'Bearer bob' };

describe('a watch of who has view', () => {
  const lines = async (watching: Awaited<ReturnType<typeof watch>>, count: number) => {
    const heard = [];
    for (let i = 0; i < count; i++) heard.push(await watching.next());
    return heard.map(({ type, object }) => [type, object.metadata.name, JSON.stringify(object).includes(canary)]);
  };

  it.each([{}, asTable])('begins without what is hidden, and hears nothing of it: %j', async (form) => {
    const { api, as } = await open();
    const root = as('root');
    const watching = await watch(api, paths.configMaps, {}, { ...bob, ...form });
    await watching.next();
    await root('PATCH', `${paths.configMaps}/keys`, { data: { more: canary } }, merge);
    await root('DELETE', `${paths.configMaps}/keys`);
    await root('POST', paths.configMaps, keyFile('keys'));
    await root('POST', paths.configMaps, configMapNamed('other'));
    const next = JSON.stringify(await watching.next());
    expect([next.includes('other'), next.includes(canary), next.includes('"keys"')]).toEqual([true, false, false]);
    watching.leave();
  });

  it.each([false, true])('hears that something was hidden, with no more than its name; with a list before: %j', async (listed) => {
    const { api, as } = await open();
    const root = as('root');
    const { body } = await as('bob')('GET', paths.configMaps);
    const from: Record<string, string> = listed ? { resourceVersion: body.metadata.resourceVersion } : {};
    const watching = await watch(api, paths.configMaps, from, bob);
    if (!listed) await watching.next();
    await root('PUT', `${paths.configMaps}/plain`, { ...keyFile('plain') });
    expect(await lines(watching, 1)).toEqual([['DELETED', 'plain', false]]);
    await root('PATCH', `${paths.configMaps}/plain`, { metadata: { labels: null, annotations: null }, data: null }, merge);
    expect(await lines(watching, 1)).toEqual([['ADDED', 'plain', false]]);
    watching.leave();
  });

  it('of one name is of that name, whatever else is selected', async () => {
    const guarded = await openGuarded();
    const root = guarded.as('root');
    await guarded.grant('bob', { verbs: ['watch'], apiGroups: [''], resources: ['configmaps'], resourceNames: ['mine'] });
    await root('POST', paths.configMaps, configMapNamed('a-secret-plan', { plan: canary }));
    await root('POST', paths.configMaps, configMapNamed('mine'));
    const watching = await watch(guarded.api, `${paths.configMaps}/mine`, { fieldSelector: 'metadata.namespace=default' }, bob);
    expect(await lines(watching, 1)).toEqual([['ADDED', 'mine', false]]);
    watching.leave();
  });

  it('ends with the next change after the right was taken away', async () => {
    const { api, as, clock } = await open();
    const root = as('root');
    const watching = await watch(api, paths.configMaps, {}, bob);
    await watching.next();
    await root('DELETE', '/apis/rbac.authorization.k8s.io/v1/clusterrolebindings/b-0');
    await clock.advance(10_000);
    await root('POST', paths.configMaps, configMapNamed('other'));
    const { type, object } = await watching.next();
    expect([type, object.code]).toEqual(['ERROR', 403]);
    watching.leave();
  });
});
