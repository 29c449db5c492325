import { describe, expect, it } from '@jest/globals';
import { parseTranscript } from './parse.ts';
import { isSameOutput } from './same-output.ts';

describe('what a program printed', () => {
  it.each([
    ['another age', 'm-0   c   5m3s', 'm-0   c   0s', true],
    ['another width of a column', 'm-0     c', 'm-0   c', true],
    ['another indent', '  a: b', ' a: b', false],
    ['another word', 'm-0   d', 'm-0   c', false],
    ['another number', 'replicas: 4', 'replicas: 3', false],
    ['another time', 'at "2026-11-23T01:29:27Z"', 'at "2025-01-01T00:00:00Z"', true],
    ['any text for dots', 'v1.36.3+x', 'v1....', false],
    ['any text for dots', 'v1.36.3+x', 'v...', true],
    ['any lines for a line of dots', 'a\nb\nc', 'a\n...\nc', true],
    ['a line too few', 'a\nc', 'a\nb\nc', false],
    ['a line too many', 'a\nb\nc', 'a\nc', false],
  ])('with %s: %j is %j: %j', (_, printed, expected, same) => {
    expect(isSameOutput(printed.split('\n'), expected.split('\n'))).toBe(same);
  });
});

it('a transcript says for which versions a line is', () => {
  const text =
    '# About x.\n$ kubectl x \\\n  y\n> GET /x\n[to 1.31] old\n[from 1.33] new\n[1.33] only\n! bad\nexit 1\n\n[from 1.36] $ kubectl z\nz\n';
  const x = { at: 't:2', command: 'kubectl x y', requests: ['GET /x'], stderr: ['bad'], code: 1 };
  expect(parseTranscript('t', text, 29)).toEqual([{ ...x, stdout: ['old'] }]);
  expect(parseTranscript('t', text, 33)).toEqual([{ ...x, stdout: ['new', 'only'] }]);
  expect(parseTranscript('t', text, 36)).toEqual([
    { ...x, stdout: ['new'] },
    { at: 't:11', command: 'kubectl z', requests: undefined, stdout: ['z'], stderr: [], code: 0 },
  ]);
});
