import { describe, expect, it } from '@jest/globals';
import * as z from 'zod';
import { schemaOf } from '../../../shared/api/objects/schema.ts';
import { strategicMergePatch } from '../../../shared/api/patch/strategic.ts';
import { defineKind } from '../../../shared/kinds/define-kind.ts';

const item = z.object({ name: z.string(), value: z.string().optional() });
const thing = defineKind({
  group: '',
  version: 'v1',
  kind: 'Thing',
  plural: 'things',
  description: 'A thing.',
  schema: z.object({
    spec: z
      .object({
        items: z.array(item).meta({ 'x-kubernetes-list-type': 'map', 'x-kubernetes-list-map-keys': ['name'] }),
        atoms: z.array(z.string()),
      })
      .partial()
      .optional(),
    data: z.record(z.string(), z.string()).optional(),
  }),
});

const patched = (target: unknown, patch: unknown) => strategicMergePatch(target, patch, schemaOf(thing));

describe('strategic merge patch', () => {
  it.each([
    ['merges maps', { data: { a: '1', b: '2' } }, { data: { b: null, c: '3' } }, { data: { a: '1', c: '3' } }],
    ['replaces lists without a key', { spec: { atoms: ['a'] } }, { spec: { atoms: ['b'] } }, { spec: { atoms: ['b'] } }],
    [
      'merges lists by key',
      { spec: { items: [{ name: 'a', value: '1' }, { name: 'b' }] } },
      { spec: { items: [{ name: 'a', value: '2' }, { name: 'c' }] } },
      { spec: { items: [{ name: 'a', value: '2' }, { name: 'b' }, { name: 'c' }] } },
    ],
    [
      'deletes items by key',
      { spec: { items: [{ name: 'a' }, { name: 'b' }] } },
      { spec: { items: [{ name: 'a', $patch: 'delete' }] } },
      { spec: { items: [{ name: 'b' }] } },
    ],
    [
      'replaces a keyed list when told so',
      { spec: { items: [{ name: 'a' }] } },
      { spec: { items: [{ name: 'b' }, { $patch: 'replace' }] } },
      { spec: { items: [{ name: 'b' }] } },
    ],
    ['replaces a map when told so', { data: { a: '1' } }, { data: { b: '2', $patch: 'replace' } }, { data: { b: '2' } }],
    ['empties a map when told so', { data: { a: '1' } }, { data: { $patch: 'delete' } }, { data: {} }],
    ['keeps only the retained keys', { data: { a: '1', b: '2' } }, { data: { $retainKeys: ['a'], a: '3' } }, { data: { a: '3' } }],
    [
      'orders as it is told',
      { spec: { items: [{ name: 'a' }, { name: 'b' }, { name: 'c' }] } },
      { spec: { '$setElementOrder/items': [{ name: 'c' }, { name: 'a' }] } },
      { spec: { items: [{ name: 'c' }, { name: 'b' }, { name: 'a' }] } },
    ],
    [
      'treats finalizers as a set',
      { metadata: { finalizers: ['x/a'] } },
      { metadata: { finalizers: ['x/b', 'x/a'] } },
      { metadata: { finalizers: ['x/a', 'x/b'] } },
    ],
    [
      'takes finalizers away',
      { metadata: { finalizers: ['x/a', 'x/b'] } },
      { metadata: { '$deleteFromPrimitiveList/finalizers': ['x/a'], '$setElementOrder/finalizers': ['x/b'] } },
      { metadata: { finalizers: ['x/b'] } },
    ],
    [
      'merges owners by uid',
      { metadata: { ownerReferences: [{ uid: '1', name: 'a' }] } },
      {
        metadata: {
          ownerReferences: [
            { uid: '2', name: 'b' },
            { uid: '1', controller: true },
          ],
        },
      },
      {
        metadata: {
          ownerReferences: [
            { uid: '1', name: 'a', controller: true },
            { uid: '2', name: 'b' },
          ],
        },
      },
    ],
  ])('%s', (_, target, patch, expected) => {
    const before = structuredClone(target);
    expect(patched(target, patch)).toEqual(expected);
    expect(target).toEqual(before);
  });

  it('refuses an item without the key of its list', () => {
    expect(() => patched({}, { spec: { items: [{ value: '1' }] } })).toThrow('an item of a list that is merged by "name" has no name');
  });
});
