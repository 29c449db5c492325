import type { Kind } from '../kinds/define-kind.ts';
import type { Stored } from './item.ts';
import { keepRecent } from './keep-recent.ts';
import { unzipAll } from './unzip.ts';

/** Texts kept at once, and the longest one that is kept: 16 MB at most, mostly 5. */
const most = 2_000;
const longest = 8_192;
/**
 * When there are so many, only each eighth new one takes the place of the oldest: who lists ten thousand again and again then finds some
 * of them here. If each did, all would be gone just before they were asked for again.
 */
const admitted = 8;

/** The JSON texts of objects that were read lately, so that who lists a thousand again unzips only what has changed. Of sealed kinds none. */
export interface Texts {
  of(stored: readonly Stored[], kind: Pick<Kind, 'sealed'>): Promise<string[]>;
}

interface Text {
  readonly version: number;
  readonly text: string;
}

export function createTexts(): Texts {
  const byUid = new Map<string, Text>();
  let refused = 0;

  function keep({ uid, version }: Stored, text: string): void {
    if (text.length > longest || (byUid.size >= most && !byUid.has(uid) && ++refused % admitted !== 0)) return;
    keepRecent(byUid, uid, { version, text }, most);
  }

  return Object.freeze({
    async of(stored: readonly Stored[], kind: Pick<Kind, 'sealed'>) {
      const known = stored.map(({ uid, version }) => {
        const found = byUid.get(uid);
        return found?.version === version ? found.text : undefined;
      });
      const others = stored.filter((_, i) => known[i] === undefined);
      const unzipped = unzipAll(await Promise.all(others.map((one) => one.zipped())));
      if (!kind.sealed) for (const [i, one] of others.entries()) keep(one, unzipped[i]!);
      let next = 0;
      return known.map((text) => text ?? unzipped[next++]!);
    },
  });
}
