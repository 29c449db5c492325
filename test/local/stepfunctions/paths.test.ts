import { describe, expect, it } from '@jest/globals';
import { StateFailed } from '../../../infra/local/stepfunctions/interpreter/failure.ts';
import { parsePath } from '../../../infra/local/stepfunctions/interpreter/paths/path.ts';
import { place } from '../../../infra/local/stepfunctions/interpreter/paths/place.ts';
import { select } from '../../../infra/local/stepfunctions/interpreter/paths/select.ts';

const data = {
  platform: 'gce',
  'cluster.k8s.io/name': 'seed',
  machines: [
    { name: 'master-0', ready: true, age: 3, tags: { zone: 'b' } },
    { name: 'worker-0', ready: false, age: 1 },
    { name: 'worker-1', ready: true, age: 2, tags: null },
  ],
  nested: { platform: 'aws', list: [1, 2, 3, 4, 5] },
};

describe('a path', () => {
  it.each([
    ['$', true, [data]],
    ['$.platform', true, ['gce']],
    ["$['platform']", true, ['gce']],
    ['$["platform"]', true, ['gce']],
    ["$['cluster.k8s.io/name']", true, ['seed']],
    ['$.machines[1].name', true, ['worker-0']],
    ['$.machines[-1].name', true, ['worker-1']],
    ['$.machines[7].name', true, []],
    ['$.machines[-7].name', true, []],
    ['$.absent.name', true, []],
    ['$.platform.length', true, []],
    ['$.machines[2].tags', true, [null]],
    ['$.machines[2].tags.zone', true, []],
    ['$.machines[*].name', false, ['master-0', 'worker-0', 'worker-1']],
    ['$.machines[0,2].name', false, ['master-0', 'worker-1']],
    ["$.nested['platform','list']", false, ['aws', [1, 2, 3, 4, 5]]],
    ['$.nested.*', false, ['aws', [1, 2, 3, 4, 5]]],
    ['$.nested.list[1:3]', false, [2, 3]],
    ['$.nested.list[-2:]', false, [4, 5]],
    ['$.nested.list[:2]', false, [1, 2]],
    ['$.nested.list[0:5:2]', false, [1, 3, 5]],
    ['$..platform', false, ['gce', 'aws']],
    ['$..list[0]', false, [1]],
    ['$.machines[?(@.ready)].name', false, ['master-0', 'worker-0', 'worker-1']],
    ['$.machines[?(@.ready == true)].name', false, ['master-0', 'worker-1']],
    ["$.machines[?(@.tags.zone == 'b')].name", false, ['master-0']],
    ['$.machines[?(@.age >= 2 && @.ready == true)].age', false, [3, 2]],
    ['$.machines[?(@.age < 2 || @.age > 2)].age', false, [3, 1]],
    ['$.machines[?(!(@.ready == true))].age', false, [1]],
    ['$.machines[?(@.age <= 1)].age', false, [1]],
    ["$.machines[?(@.name != 'master-0' && @.name > 'worker-0')].age", false, [2]],
    ['$.machines[?(@.age == $.nested.list[1])].name', false, ['worker-1']],
    ["$.machines[?(@.age == '3')].name", false, []],
    ['$.platform[*]', false, []],
  ])('%s (definite: %s) finds %j', (text, definite, found) => {
    const path = parsePath(text);
    expect(select(path, data)).toEqual(found);
    expect(path.definite).toBe(definite);
  });

  it.each([
    ['platform', 1],
    ['$.', 3],
    ['$.a b', 4],
    ['$.a[', 5],
    ['$.a[b]', 5],
    ["$.a['b]", 8],
    ['$.a[?(@.b =)]', 11],
    ['$.a[?(1)]', 8],
    ['$.a[?(@.b == )]', 14],
  ])('%s cannot be read at character %d', (text, at) => {
    expect(() => parsePath(text)).toThrow(`at character ${at}`);
  });

  it('finds no inherited field', () => {
    expect(select(parsePath('$.toString'), data)).toEqual([]);
    expect(select(parsePath('$.constructor.name'), data)).toEqual([]);
  });
});

describe('ResultPath', () => {
  it.each([
    ['$', { a: 1 }, 9, 9],
    ['$.a', { a: 1, b: 2 }, 9, { a: 9, b: 2 }],
    ['$.a.b.c', { x: 1 }, 9, { x: 1, a: { b: { c: 9 } } }],
    ["$['a.b']", {}, 9, { 'a.b': 9 }],
    ['$.list[1]', { list: [1, 2, 3] }, 9, { list: [1, 9, 3] }],
    ['$.list[0].a', { list: [{ b: 1 }] }, 9, { list: [{ b: 1, a: 9 }] }],
  ])('%s puts a result into a copy of the input', (path, input, result, output) => {
    const before = structuredClone(input);
    expect(place(input, parsePath(path), result)).toEqual(output);
    expect(input).toEqual(before);
  });

  it.each([
    ['$.a', 'text'],
    ['$.a', null],
    ['$.a', [1]],
    ['$.a.b', { a: 1 }],
    ['$.list[1]', { list: [1] }],
    ['$.list[0]', {}],
  ])('%s does not fit %j: States.ResultPathMatchFailure', (path, input) => {
    expect(() => place(input, parsePath(path), 9)).toThrow(StateFailed);
    expect(() => place(input, parsePath(path), 9)).toThrow(/Unable to apply ReferencePath/);
  });

  it('treats __proto__ as a field like any other', () => {
    const output = place({}, parsePath('$.__proto__.polluted'), true);
    expect(Object.hasOwn(output as object, '__proto__')).toBe(true);
    expect({}).not.toHaveProperty('polluted');
  });
});
