import { beforeEach, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { encodeToken } from '../../../shared/api/verbs/continue-token.ts';
import { asTable, configMapNamed, type Harness, machineNamed, merge, openApi, paths } from '../harness.ts';

let api: Harness;
beforeEach(async () => {
  api = await openApi();
});
const namesIn = (body: { items: { metadata: { name: string } }[] }) => body.items.map(({ metadata }) => metadata.name);

describe('a list', () => {
  it('of nothing has no items and a version', async () => {
    const { body } = await api.send('GET', paths.machines);
    expect(body).toEqual({
      kind: 'MachineList',
      apiVersion: 'cluster.k8s.io/v1alpha1',
      metadata: { resourceVersion: expect.stringMatching(/^\d+$/) },
      items: [],
    });
  });

  it('is of one namespace, or of all', async () => {
    await api.send('POST', paths.namespaces, { metadata: { name: 'demo' } });
    await api.send('POST', paths.configMaps, configMapNamed('b'));
    await api.send('POST', paths.configMaps.replace('default', 'demo'), configMapNamed('a'));
    expect(namesIn((await api.send('GET', paths.configMaps)).body)).toEqual(['b']);
    expect(namesIn((await api.send('GET', '/api/v1/configmaps')).body)).toEqual(['b', 'a']);
  });

  it('in pages has every selected object once, and says the first page’s version on each', async () => {
    for (let i = 0; i < 11; i++) await api.send('POST', paths.machines, machineNamed(`m${i}`, { parity: i % 2 === 0 ? 'even' : 'odd' }));
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 12 }), fc.constantFrom('', 'parity=even', 'parity=none'), async (limit, labelSelector) => {
        const all = namesIn((await api.send('GET', `${paths.machines}?${new URLSearchParams({ labelSelector })}`)).body);
        const seen: string[] = [];
        const versions = new Set<string>();
        let token = '';
        do {
          const query = new URLSearchParams({ labelSelector, limit: String(limit), ...(token !== '' && { continue: token }) });
          const { body } = await api.send('GET', `${paths.machines}?${query}`);
          expect(body.items.length).toBeLessThanOrEqual(limit);
          seen.push(...namesIn(body));
          versions.add(body.metadata.resourceVersion);
          token = body.metadata.continue ?? '';
          await api.send('PATCH', `${paths.machines}/m0`, { metadata: { annotations: { tick: String(seen.length) } } }, merge);
        } while (token !== '');
        expect(seen).toEqual(all);
        expect(versions.size).toBe(1);
      }),
      { numRuns: 20 },
    );
  });

  it('by name reads that one', async () => {
    await api.send('POST', paths.configMaps, configMapNamed('a'));
    await api.send('POST', paths.configMaps, configMapNamed('b'));
    expect(namesIn((await api.send('GET', `${paths.configMaps}?fieldSelector=metadata.name%3Db`)).body)).toEqual(['b']);
    expect(namesIn((await api.send('GET', `${paths.configMaps}?fieldSelector=metadata.name%3Dz`)).body)).toEqual([]);
  });

  it('of Events is of what they are about', async () => {
    const happened = (name: string, about: string) => ({
      metadata: { name },
      involvedObject: { kind: 'Machine', name: about },
      reason: 'Created',
    });
    await api.send('POST', paths.events, happened('a.1', 'a'));
    await api.send('POST', paths.events, happened('b.1', 'b'));
    const selector = encodeURIComponent('involvedObject.name=b,involvedObject.kind=Machine');
    expect(namesIn((await api.send('GET', `${paths.events}?fieldSelector=${selector}`)).body)).toEqual(['b.1']);
  });

  it.each([
    ['?continue=x', 400, 'continue key is not valid'],
    [`?continue=${encodeToken({ resourceVersion: '1', after: { namespace: 'default', name: 'a' } })}`, 410, 'too old'],
    ['?limit=-1', 400, 'limit'],
    ['?labelSelector=a%20b', 400, 'unable to parse requirement'],
    ['?fieldSelector=spec.x%3Dy', 400, 'field label not supported: spec.x'],
    ['?resourceVersion=x', 400, 'invalid resourceVersion'],
    ['?resourceVersion=9007199254740991', 504, 'Too large resource version'],
    ['?resourceVersionMatch=Exact', 422, 'forbidden unless resourceVersion is provided'],
    ['?resourceVersion=1&resourceVersionMatch=Exact', 410, 'too old'],
    ['?resourceVersion=1&resourceVersionMatch=Roughly', 422, 'supported values'],
    ['?sendInitialEvents=true', 422, 'forbidden for list'],
    ['?watch=perhaps', 400, 'write true or false'],
  ])('with %s is refused with %d', async (query, code, words) => {
    const { code: answered, body } = await api.send('GET', paths.machines + query);
    expect([answered, body.code]).toEqual([code, code]);
    expect(body.message).toContain(words);
  });

  it.each(['0', '1', ''])('from version %j is of now', async (version) => {
    await api.send('POST', paths.configMaps, configMapNamed('a'));
    expect(namesIn((await api.send('GET', `${paths.configMaps}?resourceVersion=${version}`)).body)).toEqual(['a']);
  });
});

describe('a table', () => {
  it('has the kind’s columns, ages, and the metadata of each object', async () => {
    await api.send('POST', paths.machines, machineNamed('m'));
    await api.clock.advance(95_000);
    const { body } = await api.send('GET', paths.machines, undefined, asTable);
    expect(body).toMatchObject({ kind: 'Table', apiVersion: 'meta.k8s.io/v1' });
    const columns = body.columnDefinitions.map((column: { name: string; format: string; priority: number }) => [
      column.name,
      column.format,
      column.priority,
    ]);
    expect(columns[0]).toEqual(['Name', 'name', 0]);
    expect(columns).toContainEqual(['ProviderID', '', 1]);
    const [row] = body.rows;
    expect([row.cells[0], row.cells[1], row.cells.at(-1)]).toEqual(['m', 'c', '95s']);
    expect(row.object).toMatchObject({ kind: 'PartialObjectMetadata', metadata: { name: 'm', namespace: 'default' } });
  });

  it.each([
    ['None', undefined],
    ['Object', 'Machine'],
  ])('includes %s when it is asked to', async (include, kind) => {
    await api.send('POST', paths.machines, machineNamed('m'));
    const { body } = await api.send('GET', `${paths.machines}/m?includeObject=${include}`, undefined, asTable);
    expect(body.rows[0].object?.kind).toBe(kind);
  });
});

it('metadata alone is answered when it is asked for', async () => {
  await api.send('POST', paths.machines, machineNamed('m'));
  const accept = 'application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1';
  const { body } = await api.send('GET', paths.machines, undefined, { accept });
  expect(body.kind).toBe('PartialObjectMetadataList');
  expect(Object.keys(body.items[0])).toEqual(['kind', 'apiVersion', 'metadata']);
});
