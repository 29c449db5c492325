import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { readSelector } from '../../shared/api/selectors.ts';
import { selectorText } from '../../shared/api/verbs/scale.ts';
import { event } from '../../shared/kinds/core/event.ts';
import type { Kind } from '../../shared/kinds/define-kind.ts';
import type { KubeObject } from '../../shared/kinds/object.ts';

const kind = event as unknown as Kind;
const labelled = (labels: Record<string, string>): KubeObject => ({ apiVersion: 'v1', kind: 'Event', metadata: { name: 'x', labels } });
const select = (labelSelector: string, object: KubeObject) => readSelector(new URLSearchParams({ labelSelector }), kind).matches(object);
const selectField = (fieldSelector: string, object: KubeObject) =>
  readSelector(new URLSearchParams({ fieldSelector }), kind).matches(object);

describe('label selectors', () => {
  it.each([
    ['', {}, true],
    ['a=b', { a: 'b' }, true],
    ['a==b', { a: 'b' }, true],
    ['a = b', { a: 'b' }, true],
    ['a=b', { a: 'c' }, false],
    ['a=b', {}, false],
    ['a=', { a: '' }, true],
    ['a!=b', { a: 'c' }, true],
    ['a!=b', {}, true],
    ['a!=b', { a: 'b' }, false],
    ['a in (b, c)', { a: 'c' }, true],
    ['a in (b,c)', {}, false],
    ['a notin (b,c)', {}, true],
    ['a notin (b,c)', { a: 'b' }, false],
    ['a', { a: '' }, true],
    ['a', {}, false],
    ['!a', {}, true],
    ['!a', { a: '' }, false],
    ['a in (b,c),d!=e,f', { a: 'b', f: '' }, true],
    ['cluster.k8s.io/cluster-name=x', { 'cluster.k8s.io/cluster-name': 'x' }, true],
    ['constructor2', {}, false],
    ['a>4', { a: '10' }, true],
    ['a > 10', { a: '10' }, false],
    ['a<-1,b', { a: '-2', b: '' }, true],
    ['a<5', { a: 'x' }, false],
    ['a<5', {}, false],
  ])('%j of %j is %j', (selector, labels, expected) => {
    expect(select(selector, labelled(labels))).toBe(expected);
  });

  it.each(['a b', 'a=b=c', 'a in b', 'a in (b', '=b', ',', 'a,,b', 'a=%', '-a', 'a in (b/c)', 'a>b', 'a<', '>1'])(
    'refuses %j',
    (selector) => {
      expect(() => select(selector, labelled({}))).toThrow(/unable to parse requirement/);
    },
  );

  it('reads what a Scale says of a selector as that selector', () => {
    const name = fc.stringMatching(/^[a-z]{1,3}$/);
    const values = fc.array(name, { minLength: 1, maxLength: 3 });
    const expression = fc.record({ key: name, operator: fc.constantFrom('In', 'NotIn', 'Exists', 'DoesNotExist'), values });
    fc.assert(
      fc.property(
        fc.dictionary(name, name),
        fc.array(expression, { maxLength: 3 }),
        fc.dictionary(name, name),
        (matchLabels, matchExpressions, labels) => {
          const holds = ({ key, operator, values }: { key: string; operator: string; values: string[] }): boolean => {
            const has = Object.hasOwn(labels, key);
            if (operator === 'Exists') return has;
            if (operator === 'DoesNotExist') return !has;
            return (has && values.includes(labels[key]!)) === (operator === 'In');
          };
          const expected = Object.entries(matchLabels).every(([k, v]) => labels[k] === v) && matchExpressions.every(holds);
          expect(select(selectorText({ matchLabels, matchExpressions }), labelled(labels))).toBe(expected);
        },
      ),
    );
  });
});

describe('field selectors', () => {
  const one = { ...labelled({}), involvedObject: { kind: 'Machine', name: 'm,1' }, reason: 'Created' };

  it.each([
    ['metadata.name=x', true],
    ['metadata.name!=x', false],
    ['involvedObject.kind=Machine,reason==Created', true],
    ['involvedObject.name=m\\,1', true],
    ['involvedObject.uid=', true],
    ['type!=Warning', true],
  ])('%j is %j', (selector, expected) => {
    expect(selectField(selector, one)).toBe(expected);
  });

  it('refuses a field that cannot be selected', () => {
    expect(() => selectField('message=x', one)).toThrow('field label not supported: message');
  });

  it('refuses what is no requirement', () => {
    expect(() => selectField('metadata.name', one)).toThrow('invalid field selector');
  });
});
