import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { parseJson } from '../../../shared/api/request/json-text.ts';
import { json } from '../values.ts';

describe('a JSON body', () => {
  it.each([
    ['{"a":1,"a":2}', ['a']],
    ['{"spec":{"a":1,"b":{"c":1,"c":2},"a":3}}', ['spec.b.c', 'spec.a']],
    ['[{"x":1},{"x":1,"x":2}]', ['[1].x']],
    ['{"list":[[1,{"y":{}, "y" :[]}]]}', ['list[0][1].y']],
    ['{"a":"\\"a\\":1","\\u0061":2}', ['a']],
    ['{"a":{"a":"a"},"b":["a","a"]}', []],
    ['{"\\\\":1,"\\\\":2}', ['\\']],
    ['"a"', []],
  ])('%s has the duplicates %j', (text, duplicates) => {
    expect(parseJson(text).duplicates).toEqual(duplicates);
  });

  it('has no duplicates when JSON.stringify wrote it', () => {
    fc.assert(
      fc.property(json(), fc.constantFrom(0, 2), (value, indent) => {
        const text = JSON.stringify(value, null, indent);
        expect(parseJson(text)).toEqual({ value: JSON.parse(text), duplicates: [] });
      }),
    );
  });

  it.each(['', '{', '{"a":}', 'a: b', "{'a': 1}", '{"a":1}}'])('that is %j is refused', (text) => {
    expect(() => parseJson(text)).toThrow(/the body is not valid JSON/);
  });

  it('that is cut off is refused without being quoted', () => {
    expect(() => parseJson('{"password":"hunter2", oops}')).toThrow(/^(?!.*hunter2).*$/);
  });

  it.each(['{"__proto__":{}}', '{"a":{"constructor":1}}', '{"a":[{"\\u005f_proto__":1}]}', '{"prototype":1}'])(
    'with the key in %s is refused',
    (text) => {
      expect(() => parseJson(text)).toThrow(/is not allowed/);
    },
  );

  it('may be 1000 levels deep and no deeper', () => {
    const nested = (depth: number) => '['.repeat(depth) + ']'.repeat(depth);
    expect(parseJson(nested(1000)).duplicates).toEqual([]);
    expect(() => parseJson(nested(1001))).toThrow('the body is nested deeper than 1000 levels');
    expect(() => parseJson('{"a":'.repeat(10_000) + 1 + '}'.repeat(10_000))).toThrow('the body is nested deeper than 1000 levels');
  });
});
