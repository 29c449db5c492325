import { describe, expect, it } from '@jest/globals';
import { configMapNamed, jsonPatchType, machineNamed, merge, openApi, paths } from './harness.ts';

/** What 3 MB can be made of. Each has to be answered in a time that holds nobody up; the bound allows for a busy machine. */
const bound = 5000;

const many = <T>(count: number, make: (i: number) => T): T[] => Array.from({ length: count }, (_, i) => make(i));
const spec = (more: object) => ({ ...machineNamed('m'), spec: { ...(machineNamed('m').spec as object), ...more } });

describe('a body of nearly 3 MB', () => {
  it.each([
    ['of unknown fields', 'POST', paths.machines, spec(Object.fromEntries(many(150_000, (i) => [`field${i}`, i])))],
    ['of wrong items', 'POST', paths.machines, spec({ taints: many(60_000, () => ({ key: 1 })) })],
    [
      'of labels',
      'POST',
      paths.configMaps,
      { ...configMapNamed('x'), metadata: { name: 'x', labels: Object.fromEntries(many(100_000, (i) => [`l ${i}`, 'v v'])) } },
    ],
    ['of duplicate keys', 'POST', paths.configMaps, `{"metadata":{"name":"x"},"data":{${many(200_000, () => '"a":"b"').join()}}}`],
    ['of backslashes', 'POST', paths.configMaps, `{"metadata":{"name":"x"},"data":{"a":"${'\\\\'.repeat(1_400_000)}"}}`],
    ['of finalizers', 'PATCH', `${paths.configMaps}/there`, { metadata: { finalizers: many(100_000, (i) => `a.b/${i}`) } }],
    [
      'of operations',
      'PATCH',
      `${paths.configMaps}/there`,
      many(9_999, (i) => ({ op: 'add', path: `/data/${'x'.repeat(200)}${i}`, value: 'y' })),
    ],
  ])('%s is answered in time, in few words', async (_, method, path, body) => {
    const { send, failures } = await openApi();
    await send('POST', paths.configMaps, configMapNamed('there', { a: '1' }));
    const type = Array.isArray(body) ? jsonPatchType : method === 'PATCH' ? merge : {};
    const start = performance.now();
    const { code, headers, body: answer } = await send(method, `${path}?fieldValidation=Strict`, body, type);
    expect(performance.now() - start).toBeLessThan(bound);
    expect(failures).toEqual([]);
    expect(code).toBeGreaterThanOrEqual(200);
    if (code >= 400) expect(JSON.stringify(answer).length).toBeLessThan(200_000);
    expect((headers.get('warning') ?? '').length).toBeLessThan(8192);
  });
});
