import fc from 'fast-check';
import { mutated } from './generate.ts';
import type { Seed } from './seeds.ts';

/** What requests are made of. */

export const yamlType = { 'content-type': 'application/yaml' };
export const protobufType = { 'content-type': 'application/vnd.kubernetes.protobuf' };
export const applyType = { 'content-type': 'application/apply-patch+yaml' };

/** A body of a kind, where it belongs. */
export const anyBody = (of: readonly Seed[]) =>
  fc
    .constantFrom(...of)
    .chain(({ collection, object }) =>
      fc.record({ collection: fc.constant(collection), body: mutated([object, { ...object, metadata: { name: 'g' } }]) }),
    );

export const method = fc.constantFrom('POST', 'PUT');
export const validation = fc.constantFrom('Strict', 'Warn', 'Ignore');

/** Where it is sent: to the collection, or to the object that it names, if it names one. */
export const target = (how: string, collection: string, name: unknown) =>
  how === 'POST'
    ? collection
    : `${collection}/${encodeURIComponent(typeof name === 'string' && name !== '' && name.isWellFormed() ? name : 'f')}`;
