import type { Kind } from '../kinds/define-kind.ts';
import type { Stored } from './item.ts';
import { keepRecent } from './keep-recent.ts';

/** Texts kept at once, and the longest one that is kept: 16 MB at most, mostly 8. */
const most = 2_000;
const longest = 8_192;

/** The JSON texts of objects that were read lately, so that who lists a thousand again unzips only what has changed. Of sealed kinds none. */
export interface Texts {
  of(stored: Stored, kind: Pick<Kind, 'sealed'>): Promise<string>;
}

export function createTexts(): Texts {
  const texts = new Map<string, string>();

  return Object.freeze({
    async of(stored: Stored, kind: Pick<Kind, 'sealed'>) {
      const key = `${stored.uid} ${stored.version}`;
      const known = texts.get(key);
      if (known !== undefined) return known;
      const text = await stored.text();
      if (!kind.sealed && text.length <= longest) keepRecent(texts, key, text, most);
      return text;
    },
  });
}
