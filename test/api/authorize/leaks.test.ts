import { describe, expect, it } from '@jest/globals';
import { createCollector } from '../../../shared/collect/collector.ts';
import { keys } from '../../../shared/kinds/fields.ts';
import { silent } from '../../reconcile/ports.ts';
import { asTable, configMapNamed, jsonPatchType, merge, paths, strategic } from '../harness.ts';
import { canary, keyFile, openWithSecrets as open, sensitive } from './secrets.ts';

const everyForm = [
  {},
  asTable,
  { accept: 'application/json;as=PartialObjectMetadata;v=v1;g=meta.k8s.io' },
  { accept: 'application/json;as=PartialObjectMetadataList;v=v1;g=meta.k8s.io' },
];

describe('who has view', () => {
  it.each([
    '',
    '?limit=1',
    `?labelSelector=${encodeURIComponent(keys.sensitive)}`,
    '?fieldSelector=metadata.name%3Dkeys',
    '?fieldSelector=metadata.name!%3Dplain',
    '?includeObject=Object',
    '?resourceVersion=0',
  ])('finds no sensitive ConfigMap in a list%s', async (query) => {
    const { as } = await open();
    for (const path of [paths.configMaps, '/api/v1/configmaps'])
      for (const headers of everyForm) {
        const { code, body } = await as('bob')('GET', path + query, undefined, headers);
        expect(code).toBe(200);
        expect(JSON.stringify(body)).not.toMatch(/c4n4ry|"keys"/);
      }
  });

  it('goes from page to page past it', async () => {
    const { as } = await open();
    const names: string[] = [];
    let next = '';
    do {
      const { body } = await as('bob')('GET', `${paths.configMaps}?limit=1&continue=${next}`);
      names.push(...body.items.map((item: { metadata: { name: string } }) => item.metadata.name));
      next = body.metadata.continue ?? '';
    } while (next !== '');
    expect(names).toEqual(['plain']);
  });

  it('is told why not when asking for it by name', async () => {
    const { as } = await open();
    const { code, body } = await as('bob')('GET', `${paths.configMaps}/keys`);
    expect([code, body.message]).toEqual([
      403,
      'configmaps "keys" is forbidden: User "bob" cannot get resource "configmaps" in API group "" in the namespace "default": it is labelled plastron.dev/sensitive: that takes the right to get secrets there too',
    ]);
  });

  it.each([
    ['GET', `${paths.secrets}/secret`],
    ['GET', paths.secrets],
    ['GET', '/api/v1/secrets'],
    ['GET', `${paths.secrets}?watch=true`],
    ['GET', `${paths.secrets}/secret?watch=true`],
    ['PUT', `${paths.secrets}/secret?dryRun=All`],
    ['PATCH', `${paths.secrets}/secret?dryRun=All`],
    ['DELETE', `${paths.secrets}/secret?dryRun=All`],
    ['DELETE', paths.secrets],
  ])('is refused %s %s', async (method, path) => {
    const { as } = await open();
    const { code, body } = await as('bob')(method, path, method === 'GET' ? undefined : {});
    expect(code).toBe(403);
    expect(JSON.stringify(body)).not.toContain(canary);
  });
});

describe('who may write ConfigMaps but not get Secrets', () => {
  const all = { verbs: ['*'], apiGroups: [''], resources: ['configmaps'] };
  const removeLabel = [{ op: 'remove', path: `/metadata/labels/${keys.sensitive.replace('/', '~1')}` }];

  it.each([
    ['a merge patch that takes the label off', 'PATCH', '', { metadata: { labels: null } }, merge],
    ['a JSON patch that does', 'PATCH', '', removeLabel, jsonPatchType],
    ['a strategic patch that does', 'PATCH', '', { metadata: { labels: { [keys.sensitive]: null } } }, strategic],
    ['an empty patch', 'PATCH', '', {}, merge],
    ['a dry run of it', 'PATCH', '?dryRun=All', { metadata: { labels: null } }, merge],
    ['a table of a dry run', 'PATCH', '?dryRun=All&includeObject=Object', {}, { ...merge, ...asTable }],
    ['a replacement', 'PUT', '', keyFile('keys', {}), {}],
    ['a deletion that shows what it would delete', 'DELETE', '?dryRun=All', { propagationPolicy: 'Foreground' }, {}],
    ['a deletion', 'DELETE', '', {}, {}],
    ['a path that tests its content', 'PATCH', '?dryRun=All', [{ op: 'test', path: '/data/talosconfig', value: 'x' }], jsonPatchType],
  ])('is not shown it by %s', async (_, method, query, body, headers) => {
    const { as } = await open(all);
    const answer = await as('bob')(method, `${paths.configMaps}/keys${query}`, body, headers);
    expect([answer.code, JSON.stringify(answer.body).includes(canary)]).toEqual([403, false]);
    expect((await as('root')('GET', `${paths.configMaps}/keys`)).body.metadata.labels).toEqual(sensitive);
  });

  it('deletes all but those', async () => {
    const { as } = await open(all);
    expect(JSON.stringify((await as('bob')('DELETE', paths.configMaps)).body)).not.toContain(canary);
    const { body } = await as('root')('GET', paths.configMaps);
    expect(body.items.map((item: { metadata: { name: string } }) => item.metadata.name)).toEqual(['keys']);
  });

  it('is told by a create only that the name is taken or kept', async () => {
    const { as } = await open(all);
    for (const query of ['', '?dryRun=All']) {
      const { code, body } = await as('bob')('POST', paths.configMaps + query, configMapNamed('keys'));
      expect([409, 403]).toContain(code);
      expect(JSON.stringify(body)).not.toContain(canary);
    }
  });

  it('may read it with the right to get Secrets in that namespace, but not of another or of one name', async () => {
    const { as, give, grant } = await open(all);
    const read = async () => (await as('bob')('GET', `${paths.configMaps}/keys`)).code;
    await grant('bob', { verbs: ['get'], apiGroups: [''], resources: ['secrets'], resourceNames: ['keys'] });
    expect(await read()).toBe(403);
    await give('bob', 'edit', 'cluster-api-provider-talos-system');
    expect(await read()).toBe(403);
    await give('bob', 'edit', 'default');
    expect(await read()).toBe(200);
  });
});

it('a namespace is emptied of what its deleter may not see', async () => {
  const { as, grant, store, clock } = await open();
  const [root, deleter] = [as('root'), as('bob')];
  await root('POST', paths.namespaces, { metadata: { name: 'away' } });
  await root('POST', '/api/v1/namespaces/away/configmaps', keyFile('keys'));
  await grant('bob', { verbs: ['delete'], apiGroups: [''], resources: ['namespaces'] });
  expect((await deleter('DELETE', '/api/v1/namespaces/away')).code).toBe(200);
  await createCollector({ store, clock, log: silent }).look(['away']);
  expect(
    (await root('GET', '/api/v1/configmaps')).body.items.map((item: { metadata: { namespace: string } }) => item.metadata.namespace),
  ).toEqual(['default', 'default']);
});
