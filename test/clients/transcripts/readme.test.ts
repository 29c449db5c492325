import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import { parseTranscript } from './parse.ts';

const read = (...path: string[]) => readFileSync(join(import.meta.dirname, ...path), 'utf8');

it('what the README says in place of kubectl rollout is played', () => {
  const [, section = ''] = read('../../../README.md').split('### Clients, and `kubectl rollout`');
  const [, shell = ''] = /```sh\n(.*?)```/s.exec(section) ?? [];
  const named = shell.split('\n').filter((line) => line.startsWith('kubectl'));
  expect(named.length).toBeGreaterThan(5);
  const played = parseTranscript('rollouts.txt', read('rollouts.txt'), 36).map(({ command }) => command);
  expect(played).toEqual(expect.arrayContaining(named.map((line) => line.replace('NAME ', 'd ').replace('OLD', 'd-old'))));
});
