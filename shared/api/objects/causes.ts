import type * as z from 'zod';
import type { Cause } from '../../errors.ts';
import { mostCauses } from '../status.ts';
import { fieldOf, resolve, type Schema, type SchemaDocument } from './schema.ts';

/**
 * What zod found, in Kubernetes' terms: the path of the field, what is wrong with it, and what to write instead.
 * With `secret`, no value of the object is repeated.
 */
export function causesOf(issues: readonly z.core.$ZodIssue[], document: SchemaDocument, secret: boolean): Cause[] {
  return issues.slice(0, mostCauses).map((issue) => {
    const found = deepest(issue);
    const description = describe(found.path, document);
    const value = secret || found.input === undefined ? '' : `${shown(found.input)}: `;
    const field = fieldPath(found.path);
    if (isMissing(found)) return { field, reason: 'FieldValueRequired', message: wrote(found) ?? withHint('must be set', description) };
    if (found.code === 'invalid_value' && wrote(found) === undefined)
      return { field, reason: 'FieldValueNotSupported', message: `${value}supported values: ${found.values.map(shown).join(', ')}` };
    return { field, reason: 'FieldValueInvalid', message: `${value}${wrote(found) ?? withHint(sentence(found), description)}` };
  });
}

/** `spec.list[0].x`; a key that is no plain word stands in brackets: `metadata.labels[a/b]`. */
export const fieldPath = (path: readonly PropertyKey[]): string => path.reduce<string>(pathBelow, '');

/** The path of a part of what stands at this path. */
export function pathBelow(path: string, part: PropertyKey): string {
  if (typeof part === 'number' || !/^[A-Za-z_$][\w$-]*$/.test(String(part))) return `${path}[${String(part)}]`;
  return path === '' ? String(part) : `${path}.${String(part)}`;
}

/** Of a union without words of its own, the option that the value came closest to. */
function deepest(issue: z.core.$ZodIssue): z.core.$ZodIssue {
  if (issue.code !== 'invalid_union' || wrote(issue) !== undefined) return issue;
  const [best] = issue.errors.flat().sort((a, b) => b.path.length - a.path.length);
  return best === undefined ? issue : deepest({ ...best, path: [...issue.path, ...best.path] });
}

/** A schema's own words begin in lower case (`write an address`), zod's defaults in upper case. */
const wrote = (issue: z.core.$ZodIssue): string | undefined => (/^[A-Z]/.test(issue.message) ? undefined : issue.message);

/** Absent, or an empty text or list where something is required. */
const isMissing = (issue: z.core.$ZodIssue): boolean =>
  issue.input === undefined ||
  (issue.code === 'too_small' && Number(issue.minimum) === 1 && (issue.input === '' || isEmptyList(issue.input)));

const isEmptyList = (value: unknown): boolean => Array.isArray(value) && value.length === 0;

function sentence(issue: z.core.$ZodIssue): string {
  switch (issue.code) {
    case 'invalid_type':
      return `must be ${article(issue.expected)}`;
    case 'too_small':
      return `must ${amount(issue.origin, `at least ${issue.minimum}`)}`;
    case 'too_big':
      return `must ${amount(issue.origin, `at most ${issue.maximum}`)}`;
    case 'invalid_format':
      return issue.format === 'regex' ? `must match ${issue.pattern}` : `must be a valid ${issue.format}`;
    default:
      return issue.message.charAt(0).toLowerCase() + issue.message.slice(1);
  }
}

const article = (type: string): string => {
  const word = { int: 'whole number', record: 'map' }[type] ?? type;
  return `${/^[aeio]/.test(word) ? 'an' : 'a'} ${word}`;
};

const amount = (origin: string, bound: string): string =>
  origin === 'string' ? `have ${bound} characters` : origin === 'array' || origin === 'set' ? `have ${bound} items` : `be ${bound}`;

const withHint = (text: string, description: string | undefined): string => (description === undefined ? text : `${text}: ${description}`);

/** What the schema says of the field. */
function describe(path: readonly PropertyKey[], document: SchemaDocument): string | undefined {
  let schema: Schema | undefined = document.root;
  for (const part of path) {
    if (schema === undefined) return undefined;
    schema = typeof part === 'number' ? resolve(schema, document).items : fieldOf(schema, String(part), document);
  }
  return schema?.description;
}

/** A value as messages quote it, cut where it is long. */
export function shown(value: unknown): string {
  const text = JSON.stringify(value) ?? 'null';
  return text.length > 120 ? `${text.slice(0, 120)}…` : text;
}
