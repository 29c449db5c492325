import { badRequest } from '../status.ts';

/** Deeper than this is refused: code that walks an object recurses, and no manifest of anybody is that deep. */
export const deepest = 1000;

/** Keys that mean something to JavaScript itself and nothing to Kubernetes. */
const poisonous = new Set(['__proto__', 'constructor', 'prototype']);

/** As many unknown and duplicate fields as anybody reads; upstream stops there too. */
export const mostMistakes = 100;

export interface ParsedText {
  readonly value: unknown;
  /** Paths of keys that are there twice; the last one counts. Of very many, the first. */
  readonly duplicates: readonly string[];
}

/** Parses JSON. Throws 400 for what is no JSON, is too deep, or has a key that JavaScript would trip over. */
export function parseJson(text: string): ParsedText {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw badRequest(`the body is not valid JSON: ${positionOf(error)}`);
  }
  const duplicates = scan(text);
  return { value: halfPair.test(text) ? wellFormed(value) : value, duplicates };
}

/** An escape, of JSON or of YAML, that may be half of a pair. Text that is written out has no halves: it was read as UTF-8. */
export const halfPair = /\\u(0000)?d[89a-f]/i;

/** As Go reads it: in place of half a surrogate pair, which is no character, U+FFFD. Nobody could name an object that is called so. */
export function wellFormed(value: unknown): unknown {
  if (typeof value === 'string') return value.toWellFormed();
  if (value === null || typeof value !== 'object') return value;
  if (Array.isArray(value)) return value.map(wellFormed);
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [key.toWellFormed(), wellFormed(part)]));
}

/** V8's message quotes the text around the mistake, which may be a secret: only the position is told. */
function positionOf(error: unknown): string {
  const position = /position \d+( \(line \d+ column \d+\))?/.exec(error instanceof Error ? error.message : '');
  return position === null ? 'it ends too early' : `unexpected character at ${position[0]}`;
}

interface Frame {
  /** Undefined in an array. */
  readonly keys: Set<string> | undefined;
  /** The key or index that is being read. */
  at: string | number;
}

/** Reads valid JSON once more for what JSON.parse hides: duplicate keys and depth. */
function scan(text: string): string[] {
  const duplicates: string[] = [];
  const frames: Frame[] = [];
  for (let i = 0; i < text.length; i++) {
    const top = frames.at(-1);
    switch (text.charCodeAt(i)) {
      case quote: {
        const end = endOfString(text, i);
        if (top?.keys !== undefined && isKey(text, end)) {
          top.at = readKey(text, i, end);
          if (poisonous.has(top.at)) throw notAllowed(pathOf(frames));
          if (top.keys.has(top.at) && duplicates.length < mostMistakes) duplicates.push(pathOf(frames));
          top.keys.add(top.at);
        }
        i = end - 1;
        break;
      }
      case comma:
        if (top !== undefined && typeof top.at === 'number') top.at++;
        break;
      case openBrace:
        frames.push({ keys: new Set(), at: '' });
        break;
      case openBracket:
        frames.push({ keys: undefined, at: 0 });
        break;
      case closeBrace:
      case closeBracket:
        frames.pop();
    }
    if (frames.length > deepest) throw tooDeep();
  }
  return duplicates;
}

const [quote, comma, openBrace, openBracket, closeBrace, closeBracket] = [0x22, 0x2c, 0x7b, 0x5b, 0x7d, 0x5d];

const pathOf = (frames: readonly Frame[]): string =>
  frames.map(({ at }, i) => (typeof at === 'number' ? `[${at}]` : i === 0 ? at : `.${at}`)).join('');

const readKey = (text: string, start: number, end: number): string => {
  const raw = text.slice(start + 1, end - 1);
  return raw.includes('\\') ? (JSON.parse(`"${raw}"`) as string).toWellFormed() : raw;
};

function endOfString(text: string, start: number): number {
  let end = text.indexOf('"', start + 1);
  while (isEscaped(text, end)) end = text.indexOf('"', end + 1);
  return end + 1;
}

function isEscaped(text: string, at: number): boolean {
  let backslashes = 0;
  while (text[at - 1 - backslashes] === '\\') backslashes++;
  return backslashes % 2 === 1;
}

/** In valid JSON a string before a colon is a key. */
function isKey(text: string, end: number): boolean {
  let at = end;
  while (text[at] === ' ' || text[at] === '\n' || text[at] === '\t' || text[at] === '\r') at++;
  return text[at] === ':';
}

const tooDeep = () => badRequest(`the body is nested deeper than ${deepest} levels`);

const notAllowed = (path: string) => badRequest(`the key "${path}" is not allowed`);

/** Throws for a key that JavaScript would trip over. */
export function checkKey(key: string, parent = ''): void {
  if (poisonous.has(key)) throw notAllowed(parent === '' ? key : `${parent}.${key}`);
}

/** Throws for what `parseJson` would refuse, in a value that was parsed by something else. */
export function checkValue(value: unknown, path = '', depth = 1): void {
  if (value === null || typeof value !== 'object') return;
  if (depth > deepest) throw tooDeep();
  for (const [key, part] of Object.entries(value)) {
    if (Array.isArray(value)) checkValue(part, `${path}[${key}]`, depth + 1);
    else {
      checkKey(key, path);
      checkValue(part, path === '' ? key : `${path}.${key}`, depth + 1);
    }
  }
}
