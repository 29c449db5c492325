/** The folder of the pictures, as it is and as it should be. */
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';

export interface Differences {
  /** Missing, or not as they would be drawn. */
  readonly changed: readonly string[];
  /** Of state machines that are no more. */
  readonly stale: readonly string[];
}

/** `wanted`: contents by the names of files. */
export function compare(folder: URL, wanted: ReadonlyMap<string, string>): Differences {
  const present = readdirSync(folder);
  const asWanted = (file: string) => present.includes(file) && readFileSync(new URL(file, folder), 'utf8') === wanted.get(file);
  return { changed: [...wanted.keys()].filter((file) => !asWanted(file)), stale: present.filter((file) => !wanted.has(file)) };
}

export function bringUpToDate(folder: URL, wanted: ReadonlyMap<string, string>): Differences {
  const differences = compare(folder, wanted);
  for (const file of differences.stale) rmSync(new URL(file, folder));
  for (const file of differences.changed) writeFileSync(new URL(file, folder), wanted.get(file)!);
  return differences;
}
