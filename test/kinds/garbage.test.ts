import { describe, expect, it } from '@jest/globals';
import { type Dependents, judge, type OwnerState } from '../../shared/kinds/garbage.ts';
import type { KubeObject } from '../../shared/kinds/object.ts';

const object = (metadata: object = {}): KubeObject => ({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'o', ...metadata } });
const going = object({ deletionTimestamp: '2019-07-26T00:00:00Z', finalizers: ['foregroundDeletion'] });

/** `there!` blocks its owner. */
type Words = OwnerState | `${OwnerState}!`;

const ownedBy = (words: readonly Words[]) =>
  words.map((word, i) => ({
    owner: { apiVersion: 'v1', kind: 'ConfigMap', name: `${i}`, uid: `${i}`, ...(word.endsWith('!') && { blockOwnerDeletion: true }) },
    state: word.replace('!', '') as OwnerState,
  }));

function inWords(of: KubeObject, owners: readonly Words[], dependents: Dependents): string {
  const verdict = judge(of, ownedBy(owners), dependents);
  if (verdict.becomes === 'kept') return 'kept';
  if (verdict.becomes === 'deleted') return `deleted${verdict.propagation === undefined ? '' : ` in the ${verdict.propagation}`}`;
  return `left with ${verdict.ownerReferences.map(({ name, blockOwnerDeletion }) => name + (blockOwnerDeletion ? '!' : '')).join()}`;
}

describe('an object is', () => {
  it.each<[string, Words[], Dependents, KubeObject?]>([
    ['kept', [], 'none'],
    ['kept', ['there'], 'none'],
    ['kept', ['there', 'there'], 'none'],
    ['kept', ['unknown'], 'none'],
    ['deleted', ['absent'], 'none'],
    ['deleted', ['absent', 'absent'], 'some'],
    ['left with 1', ['absent', 'there'], 'none'],
    ['left with 0', ['unknown', 'absent'], 'none'],
    ['left with 2!', ['absent', 'waiting!', 'there!'], 'none'],
    ['deleted', ['waiting'], 'none'],
    ['deleted', ['waiting!', 'absent'], 'none'],
    ['deleted in the Foreground', ['waiting'], 'some'],
    ['deleted in the Foreground', ['waiting!', 'absent'], 'some'],
    ['deleted', ['waiting!'], 'circular'],
    ['kept', ['absent'], 'none', going],
    ['kept', ['absent', 'there'], 'none', going],
    ['kept', ['waiting!'], 'some', going],
    ['left with 0', ['waiting!'], 'circular', going],
    ['left with 0,1!', ['waiting!', 'absent!'], 'circular', going],
    ['kept', ['waiting'], 'circular', going],
    ['kept', ['waiting!'], 'circular', object({ deletionTimestamp: '2019-07-26T00:00:00Z', finalizers: ['x.io/y'] })],
  ])('%s when its owners are %j, and it owns %s', (expected, owners, dependents, of = object()) => {
    expect(inWords(of, owners, dependents)).toBe(expected);
  });
});
