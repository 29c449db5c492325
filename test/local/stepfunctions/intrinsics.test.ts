import { describe, expect, it } from '@jest/globals';
import { chanceFrom } from '../../../infra/local/stepfunctions/interpreter/chance.ts';
import { computed } from '../../../infra/local/stepfunctions/interpreter/data.ts';
import { parseIntrinsic } from '../../../infra/local/stepfunctions/interpreter/intrinsics/expression.ts';

const data = { platform: 'gce', n: 3, list: [1, 2, 3, 4, 5], objects: [{ a: 1 }, { a: 2 }], json: '{"a":[1]}', on: true, nothing: null };
const value = (text: string, seed = 'seed') =>
  computed(text, { data, context: () => ({ Execution: { Name: 'create-1' } }), chance: chanceFrom(seed) });

describe('an intrinsic function', () => {
  it.each([
    ["States.Format('clouds-{}', $.platform)", 'clouds-gce'],
    ["States.Format('{} of {}: {}', $.n, 5, $.on)", '3 of 5: true'],
    ["States.Format('{}', null)", 'null'],
    [String.raw`States.Format('\{\} {} it\'s \\', $.n)`, "{} 3 it's \\"],
    ["States.Format('{}', $$.Execution.Name)", 'create-1'],
    ["States.Format('no place')", 'no place'],
    ['States.StringToJson($.json)', { a: [1] }],
    ['States.JsonToString($.objects)', '[{"a":1},{"a":2}]'],
    ["States.Array($.n, 'it\\'s', true, null, -1.5)", [3, "it's", true, null, -1.5]],
    ['States.Array()', []],
    ['States.ArrayPartition($.list, 2)', [[1, 2], [3, 4], [5]]],
    ['States.ArrayContains($.objects, $.objects[1])', true],
    ['States.ArrayContains($.list, 9)', false],
    ['States.ArrayRange(1, 9, 4)', [1, 5, 9]],
    ['States.ArrayRange(3, 1, -1)', [3, 2, 1]],
    ['States.ArrayRange(3, 1, 1)', []],
    ['States.ArrayGetItem($.list, 4)', 5],
    ['States.ArrayLength($.list)', 5],
    ['States.ArrayUnique(States.Array(1, 2, 1, $.objects[0], $.objects[0]))', [1, 2, { a: 1 }]],
    ["States.Base64Encode('ä')", 'w6Q='],
    ["States.Base64Decode('Z2Nl')", 'gce'],
    ["States.Hash('abc', 'SHA-1')", 'a9993e364706816aba3e25717850c26c9cd0d89d'],
    ["States.Hash('abc', 'MD5')", '900150983cd24fb0d6963f7d28e17f72'],
    ["States.Hash('abc', 'SHA-256')", 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad'],
    ['States.JsonMerge($.objects[0], $.objects[1], false)', { a: 2 }],
    ['States.MathAdd($.n, -1)', 2],
    ["States.StringSplit('a.b,c', '.,')", ['a', 'b', 'c']],
    ["States.StringSplit('a..b', '.')", ['a', 'b']],
    ["States.Format('{}', States.MathAdd(States.ArrayLength($.list), 1))", '6'],
  ])('%s is %j', (text, expected) => {
    expect(value(text)).toEqual(expected);
  });

  it.each([
    ["States.Format('{} {}', 1)", 'more {} than values'],
    ["States.Format('{}', 1, 2)", '1 more values than {}'],
    ["States.Format('{}', $.list)", 'a list or an object'],
    ['States.StringToJson($.platform)', 'the text is not JSON'],
    ['States.MathAdd($.platform, 1)', 'argument 1 must be a number and is string'],
    ['States.ArrayGetItem($.list, 5)', 'no element 5 in a list of 5'],
    ['States.ArrayRange(0, 1000, 1)', '1001 elements are more than 1000'],
    ['States.ArrayRange(0, 1, 0)', 'must not be 0'],
    ['States.ArrayPartition($.list, 0)', '1 or more'],
    ["States.Hash('a', 'CRC')", 'MD5, SHA-1'],
    ['States.JsonMerge($.objects[0], $.objects[1], true)', 'no deep merge'],
    ['States.MathRandom(5, 5)', 'greater than the first'],
    ['States.ArrayLength($.nothing)', 'must be a list and is null'],
  ])('%s fails with States.IntrinsicFailure', (text, why) => {
    expect(() => value(text)).toThrow(expect.objectContaining({ name: 'States.IntrinsicFailure', message: expect.stringContaining(why) }));
  });

  it.each([
    ['States.Nothing()', 'is no intrinsic function'],
    ["States.Hash('a')", 'takes 2 arguments and got 1'],
    ['States.UUID(1)', 'takes 0 arguments'],
    ['States.MathRandom(1)', 'takes 2 to 3 arguments'],
    ['States.Array(1', "',' is expected"],
    ['States.Array(a)', 'a path, a string'],
    ['States.Array(1) ', 'the end is expected'],
    ['Format()', 'a function'],
  ])('%s cannot be read', (text, why) => {
    expect(() => parseIntrinsic(text)).toThrow(why);
  });

  it('draws from the seed of the execution: the same again, and another for another', () => {
    const draw = (seed: string) => [value('States.UUID()', seed), value('States.MathRandom(0, 1000000)', seed)];
    expect(draw('one')).toEqual(draw('one'));
    expect(draw('one')).not.toEqual(draw('two'));
    expect(draw('one')[0]).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  });

  it('draws from the first number to below the second, and the same for the same seed', () => {
    const drawn = Array.from({ length: 200 }, (_, i) => value('States.MathRandom(2, 5)', `seed ${i}`));
    expect(new Set(drawn)).toEqual(new Set([2, 3, 4]));
    expect(value('States.MathRandom(0, 1000000, 7)', 'one')).toBe(value('States.MathRandom(0, 1000000, 7)', 'two'));
  });
});
