import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { stringify } from 'yaml';
import { parseYaml } from '../../../shared/api/request/yaml-text.ts';
import { json } from '../values.ts';

describe('a YAML body', () => {
  it('is read as the value that it writes', () => {
    fc.assert(
      fc.property(json({ maxDepth: 3 }), (value) => {
        const written = JSON.parse(JSON.stringify(value));
        expect(parseYaml(stringify(written, { compat: 'yaml-1.1' })).value).toEqual(written);
      }),
      { numRuns: 50 },
    );
  });

  it.each([
    ['a: 1\na: 2\n', ['a']],
    ['spec:\n  list:\n    - x: 1\n      x: 2\n', ['spec.list[0].x']],
    ['a: &x {b: 1}\nc: *x\n', []],
  ])('%j has the duplicates %j', (text, duplicates) => {
    expect(parseYaml(text).duplicates).toEqual(duplicates);
  });

  it('that is wrong is refused with line and column', () => {
    expect(() => parseYaml('a: 1\nb: [1\n')).toThrow(/the body is not valid YAML: line \d+, column \d+/);
  });

  const bomb = `a: &a [${'x,'.repeat(9)}x]\n${[...'bcdefghij'].map((c, i) => `${c}: &${c} [${Array(10).fill(`*${'abcdefghij'[i]}`)}]`).join('\n')}`;

  it.each([
    ['an alias bomb', bomb, /unfold/],
    ['lists in lists', '['.repeat(10_000) + ']'.repeat(10_000), /not valid YAML|nested/],
    ['maps in maps', `${'{a: '.repeat(10_000)}1${'}'.repeat(10_000)}`, /not valid YAML|nested/],
    ['a poisonous key', '__proto__:\n  a: 1\n', /"__proto__" is not allowed/],
    ['an alias of nothing', 'a: *b\n', /not valid YAML/],
    ['more than 64 KiB', `a: ${'x'.repeat(70_000)}`, /send JSON/],
  ])('with %s is refused', (_, text, words) => {
    expect(() => parseYaml(text)).toThrow(words);
  });
});
