import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { retell } from './upstream-story.ts';

const folder = new URL('../../../../shared/reference/rollout-stories/', import.meta.url);
const stories = existsSync(folder)
  ? ['rollingupdate', 'ondelete'].flatMap((kind) =>
      readdirSync(new URL(`${kind}/`, folder)).map((name) => ({ name, url: new URL(`${kind}/${encodeURIComponent(name)}`, folder) })),
    )
  : [];
const replayed = stories.filter(({ name }) => name.endsWith('.golden') && !name.startsWith('in-place'));

if (replayed.length === 0) console.warn(`The rollout stories of Cluster API are not there, so they are not replayed: ${folder.pathname}`);
const suite = replayed.length > 0 ? describe : describe.skip;

suite('rollout stories of Cluster API', () => {
  it.each(replayed)('tells $name word for word', ({ url }) => {
    const story = readFileSync(url, 'utf8').trimEnd();
    expect(retell(story).trimEnd()).toBe(story);
  });
});
