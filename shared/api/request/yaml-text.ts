import { isMap, isScalar, isSeq, LineCounter, parseDocument } from 'yaml';
import { badRequest, tooLarge } from '../status.ts';
import { checkValue, halfPair, type ParsedText, wellFormed } from './json-text.ts';

/** Characters. YAML may cost ten seconds and a gigabyte per million of them to parse; kubectl and all client libraries send JSON. */
const longest = 64 * 1024;

/** Parses one YAML document. Throws 400 for what is no YAML, for aliases that unfold to too much, and for what JSON may not have either. */
export function parseYaml(text: string): ParsedText {
  if (text.length > longest) throw tooLarge(`a YAML body may have ${longest} characters: send JSON`);
  const lineCounter = new LineCounter();
  try {
    // The parser's own search for duplicate keys takes time with the square of their number.
    const document = parseDocument(text, { lineCounter, uniqueKeys: false, stringKeys: true, logLevel: 'silent', prettyErrors: false });
    const [error] = document.errors;
    if (error !== undefined) {
      const { line, col } = lineCounter.linePos(error.pos[0]);
      throw badRequest(`the body is not valid YAML: line ${line}, column ${col}: ${error.code}`);
    }
    const value: unknown = document.toJS({ maxAliasCount: 100 });
    checkValue(value);
    return { value: halfPair.test(text) ? wellFormed(value) : value, duplicates: duplicatesIn(document.contents, '') };
  } catch (error) {
    // The parser's own recursion, or too many aliases.
    if (error instanceof RangeError || error instanceof ReferenceError)
      throw badRequest('the body is not valid YAML: it is nested too deep, or its aliases unfold to too much');
    throw error;
  }
}

function duplicatesIn(node: unknown, path: string): string[] {
  if (isSeq(node)) return node.items.flatMap((item, i) => duplicatesIn(item, `${path}[${i}]`));
  if (!isMap(node)) return [];
  const seen = new Set<string>();
  return node.items.flatMap(({ key, value }) => {
    const name = String(isScalar(key) ? key.value : key);
    const below = path === '' ? name : `${path}.${name}`;
    const again = seen.has(name) ? [below] : [];
    seen.add(name);
    return [...again, ...duplicatesIn(value, below)];
  });
}
