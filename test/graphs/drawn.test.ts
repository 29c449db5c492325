import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, describe, expect, it } from '@jest/globals';
import { drawAll } from '../../infra/graphs/draw.ts';
import { bringUpToDate, compare } from '../../infra/graphs/folder.ts';
import { workflows } from '../../shared/kinds/workflows.ts';

const wanted = drawAll(workflows);

describe('the pictures of the repository', () => {
  it('are those of the state machines: else run npm run graphs', () => {
    expect(compare(new URL('../../infra/graphs/drawn/', import.meta.url), wanted)).toEqual({ changed: [], stale: [] });
  });
});

describe('a folder of pictures', () => {
  const path = mkdtempSync(join(tmpdir(), 'graphs-'));
  const folder = pathToFileURL(`${path}/`);
  afterEach(() => rmSync(path, { recursive: true }));

  it('is brought up to date, file by file', () => {
    bringUpToDate(folder, wanted);
    writeFileSync(join(path, 'rollout.svg'), 'something else');
    writeFileSync(join(path, 'no-more.svg'), '');
    rmSync(join(path, 'empty-cloud.svg'));
    const differences = { changed: ['rollout.svg', 'empty-cloud.svg'], stale: ['no-more.svg'] };
    expect(compare(folder, wanted)).toEqual(differences);
    expect(bringUpToDate(folder, wanted)).toEqual(differences);
    expect(compare(folder, wanted)).toEqual({ changed: [], stale: [] });
    expect(readdirSync(path).sort()).toEqual([...wanted.keys()].sort());
    expect(readFileSync(join(path, 'rollout.svg'), 'utf8')).toBe(wanted.get('rollout.svg'));
  });
});
