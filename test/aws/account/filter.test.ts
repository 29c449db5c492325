import { describe, expect, it } from '@jest/globals';
import { filterOf } from '../../../infra/aws/account/filter.ts';

const filter = (...patterns: object[]) => filterOf({ Filters: patterns.map((pattern) => ({ Pattern: JSON.stringify(pattern) })) });
const record = (image: object) => ({ eventName: 'MODIFY', dynamodb: { NewImage: image } });
const exists = (attribute: string, type: string, rule = true) => ({
  dynamodb: { NewImage: { [attribute]: { [type]: [{ exists: rule }] } } },
});

describe('a filter of the emulated stream', () => {
  it.each<[string, boolean, object[], object]>([
    ['what has the attribute', true, [exists('a', 'N')], record({ a: { N: '1' } })],
    ['nothing without it', false, [exists('a', 'N')], record({ b: { N: '1' } })],
    ['nothing where it has another type', false, [exists('a', 'N')], record({ a: { S: '1' } })],
    ['nothing without an image', false, [exists('a', 'N')], { dynamodb: {} }],
    ['what one of its patterns lets through', true, [exists('a', 'N'), exists('b', 'S')], record({ b: { S: 'x' } })],
    ['what lacks an attribute', true, [exists('a', 'N', false)], record({})],
    ['one of several values', true, [{ eventName: ['INSERT', 'MODIFY'] }], record({})],
    ['no other value', false, [{ eventName: ['REMOVE'] }], record({})],
  ])('lets through %s: %s', (_, through, patterns, one) => {
    expect(filter(...patterns)(one)).toBe(through);
  });

  it('refuses rules that it does not know', () => {
    expect(() => filter({ eventName: [{ prefix: 'M' }] })(record({}))).toThrow('is not known here');
  });
});
