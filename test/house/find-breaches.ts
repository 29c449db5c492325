import { readFileSync } from 'node:fs';
import { posix } from 'node:path';
import { forbiddenWords, rules } from './import-rules.ts';

export interface SourceFile {
  /** From the root of the repository, with slashes. */
  readonly path: string;
  readonly text: string;
}

export const readSource = (root: URL, path: string): SourceFile => ({ path, text: readFileSync(new URL(path, root), 'utf8') });

const specifiers =
  /(?:^|\n)\s*(?:import|export)\s[^'"]*?from\s*['"]([^'"]+)['"]|(?:^|\n)\s*import\s*['"]([^'"]+)['"]|\bimport\(\s*['"]([^'"]+)['"]\s*\)/g;

/** One sentence for each import or word that breaks a rule. */
export function findBreaches(files: readonly SourceFile[]): string[] {
  return files.flatMap((file) => [...importBreaches(file), ...wordBreaches(file)]);
}

function importBreaches({ path, text }: SourceFile): string[] {
  const rule = rules.find(({ of }) => of.test(path));
  if (rule === undefined) return [`${path}: no rule says what it may import: add one to test/house/import-rules.ts`];
  return importsIn(text)
    .map((specifier) => (specifier.startsWith('.') ? posix.join(posix.dirname(path), specifier) : specifier))
    .filter((target) => !rule.may.some((allowed) => allowed.test(target)))
    .map((target) => `${path} imports ${target}: ${rule.because}`);
}

const importsIn = (text: string): string[] => [...text.matchAll(specifiers)].map((match) => match[1] ?? match[2] ?? match[3] ?? '');

function wordBreaches({ path, text }: SourceFile): string[] {
  const code = text.replaceAll(/\/\*[\s\S]*?\*\/|(?<!:)\/\/.*$/gm, '');
  return forbiddenWords
    .filter(({ of, word }) => of.test(path) && word.test(code))
    .map(({ word, because }) => `${path} uses ${word.exec(code)?.[0]}: ${because}`);
}
