import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { jsonPatch } from '../../../shared/api/patch/json-patch.ts';
import { StatusError } from '../../../shared/api/status.ts';
import { json } from '../values.ts';

const codeOf = (document: unknown, patch: unknown): number => {
  try {
    jsonPatch(document, patch);
    return 200;
  } catch (error) {
    if (error instanceof StatusError) return error.code;
    throw error;
  }
};

describe('JSON patch', () => {
  // After the examples of RFC 6902, appendix A.
  it.each([
    ['adds a field', { foo: 'bar' }, [{ op: 'add', path: '/baz', value: 'qux' }], { foo: 'bar', baz: 'qux' }],
    ['inserts into a list', { foo: ['a', 'c'] }, [{ op: 'add', path: '/foo/1', value: 'b' }], { foo: ['a', 'b', 'c'] }],
    ['appends to a list', { foo: ['a'] }, [{ op: 'add', path: '/foo/-', value: ['b'] }], { foo: ['a', ['b']] }],
    ['removes a field', { baz: 1, foo: 2 }, [{ op: 'remove', path: '/baz' }], { foo: 2 }],
    ['removes from a list', { foo: ['a', 'b'] }, [{ op: 'remove', path: '/foo/0' }], { foo: ['b'] }],
    ['replaces', { baz: 1 }, [{ op: 'replace', path: '/baz', value: 2 }], { baz: 2 }],
    ['replaces everything', { baz: 1 }, [{ op: 'replace', path: '', value: [] }], []],
    ['moves', { a: { x: 1 }, b: {} }, [{ op: 'move', from: '/a/x', path: '/b/y' }], { a: {}, b: { y: 1 } }],
    ['moves in a list', { a: [1, 2, 3] }, [{ op: 'move', from: '/a/0', path: '/a/2' }], { a: [2, 3, 1] }],
    ['copies', { a: [1] }, [{ op: 'copy', from: '/a', path: '/b' }], { a: [1], b: [1] }],
    ['tests and goes on', { a: { b: [1] } }, [{ op: 'test', path: '/a', value: { b: [1] } }], { a: { b: [1] } }],
    [
      'reads ~0 and ~1',
      { 'a/b': 1, 'm~n': 2 },
      [
        { op: 'remove', path: '/a~1b' },
        { op: 'replace', path: '/m~0n', value: 3 },
      ],
      { 'm~n': 3 },
    ],
    ['has a key that is empty', { '': 1 }, [{ op: 'replace', path: '/', value: 2 }], { '': 2 }],
  ])('%s', (_, document, patch, expected) => {
    expect(jsonPatch(document, patch)).toEqual(expected);
  });

  it.each([
    ['a patch that is no list', 400, { op: 'add' }],
    ['an operation that nobody knows', 400, [{ op: 'append', path: '/a', value: 1 }]],
    ['a pointer without a slash', 400, [{ op: 'add', path: 'a', value: 1 }]],
    ['an add without a value', 400, [{ op: 'add', path: '/a' }]],
    ['a move from nowhere', 400, [{ op: 'move', path: '/a' }]],
    ['a poisonous key', 400, [{ op: 'add', path: '/__proto__/x', value: 1 }]],
    ['an operation that is null', 400, [null]],
    ['a test that fails', 422, [{ op: 'test', path: '/a', value: 2 }]],
    ['a path that is not there', 422, [{ op: 'remove', path: '/b' }]],
    ['an index beyond the end', 422, [{ op: 'add', path: '/list/3', value: 1 }]],
    ['an index with a zero before it', 422, [{ op: 'remove', path: '/list/01' }]],
    ['a child of text', 422, [{ op: 'add', path: '/a/b', value: 1 }]],
    ['a move into itself', 422, [{ op: 'move', from: '/list', path: '/list/0' }]],
    ['too many operations', 413, Array.from({ length: 10_001 }, () => ({ op: 'test', path: '/a', value: 1 }))],
  ])('refuses %s with %d', (_, code, patch) => {
    expect(codeOf({ a: 1, list: [1, 2] }, patch)).toBe(code);
  });

  it('refuses copies of copies before they fill the memory', () => {
    const doubling = Array.from({ length: 40 }, () => ({ op: 'copy', from: '/a', path: '/a/-' }));
    expect(codeOf({ a: ['x'.repeat(1000)] }, doubling)).toBe(413);
  });

  it('does all operations or none', () => {
    const document = { a: [1] };
    expect(
      codeOf(document, [
        { op: 'add', path: '/a/-', value: 2 },
        { op: 'remove', path: '/b' },
      ]),
    ).toBe(422);
    expect(document).toEqual({ a: [1] });
  });

  it('puts back what it took away', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.stringMatching(/^[a-z/~]{1,4}$/), json({ maxDepth: 2 }), { minKeys: 1 }), (document) => {
        const [key, value] = Object.entries(document)[0]!;
        const path = `/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`;
        expect(
          jsonPatch(document, [
            { op: 'remove', path },
            { op: 'add', path, value },
          ]),
        ).toEqual(document);
      }),
    );
  });
});
