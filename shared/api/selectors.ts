import type { Kind } from '../kinds/define-kind.ts';
import type { KubeObject } from '../kinds/object.ts';
import { shown } from './objects/causes.ts';
import { isLabelValue, isQualifiedName, labelKeyRule, labelValueRule } from './objects/metadata.ts';
import { badRequest, cut } from './status.ts';

/** Label and field selectors of list and watch. */
export interface Selector {
  matches(object: KubeObject): boolean;
  /** Selects everything: then nothing has to be remembered of what was sent. */
  readonly everything: boolean;
  /** The one name it asks for, so that only that object has to be read. */
  readonly name?: string;
}

/** Reads `labelSelector` and `fieldSelector`. Throws 400 for what they may not say. */
export function readSelector(query: URLSearchParams, kind: Kind): Selector {
  const labels = parseLabelSelector(query.get('labelSelector') ?? '');
  const fields = parseFieldSelector(query.get('fieldSelector') ?? '', kind);
  const name = fields.find((f) => f.path === 'metadata.name' && f.equal)?.value;
  return {
    matches: (object) => labels.every((r) => r.matches(object.metadata.labels ?? {})) && fields.every((f) => matchesField(f, object)),
    everything: labels.length + fields.length === 0,
    ...(name !== undefined && { name }),
  };
}

interface Requirement {
  matches(labels: Readonly<Record<string, string>>): boolean;
}

/** `a=b,a==b,a!=b,a in (x,y),a notin (x),a,!a,a>1,a<1`. `!=` and `notin` also select objects without the label. */
export function parseLabelSelector(text: string): Requirement[] {
  return termsOf(text, 'parentheses').map((part) => parseRequirement(part.trim(), text));
}

/** The terms between commas, but for commas in parentheses, or after a backslash. In one pass: a selector may be as long as a URL. */
function termsOf(text: string, except: 'parentheses' | 'backslash'): string[] {
  if (text.trim() === '') return [];
  const terms: string[] = [];
  let start = 0;
  let inside = false;
  for (let i = 0; i < text.length; i++) {
    if (except === 'backslash' && text[i] === '\\') i++;
    else if (except === 'parentheses' && (text[i] === '(' || text[i] === ')')) inside = text[i] === '(';
    else if (text[i] === ',' && !inside) {
      terms.push(text.slice(start, i));
      start = i + 1;
    }
  }
  return [...terms, text.slice(start)];
}

function parseRequirement(part: string, whole: string): Requirement {
  const set = /^(\S+)\s+(in|notin)\s*\(([^()]*)\)$/.exec(part);
  if (set !== null) {
    const [, key = '', operator, list = ''] = set;
    const values = new Set(list.split(',').map((value) => value.trim()));
    check(key, values, whole);
    return operator === 'in'
      ? { matches: (labels) => has(labels, key) && values.has(labels[key]!) }
      : { matches: (labels) => !has(labels, key) || !values.has(labels[key]!) };
  }
  const equality = /^([^\s=!]+)\s*(==|=|!=)\s*([^\s=!]*)$/.exec(part);
  if (equality !== null) {
    const [, key = '', operator, value = ''] = equality;
    check(key, [value], whole);
    return { matches: (labels) => (has(labels, key) && labels[key] === value) === (operator !== '!=') };
  }
  const order = /^([^\s=!<>]+)\s*([<>])\s*([^\s=!<>]*)$/.exec(part);
  if (order !== null) return parseOrder(order, whole);
  const existence = /^(!?)\s*(\S*)$/.exec(part);
  if (existence === null)
    throw unparsed(
      whole,
      `write key=value, key!=value, key in (a,b), key notin (a,b), key, !key, key>1 or key<1 instead of ${shown(part)}`,
    );
  const [, not, key = ''] = existence;
  check(key, [], whole);
  return { matches: (labels) => has(labels, key) === (not === '') };
}

/** `a>1`, `a<1`: compares labels that are whole numbers. */
function parseOrder([, key = '', operator, bound = '']: readonly string[], whole: string): Requirement {
  if (!wholeNumber.test(bound)) throw unparsed(whole, `${shown(bound)}: what follows < or > must be a whole number`);
  check(key, [], whole);
  const [sign, limit] = [operator === '>' ? 1n : -1n, BigInt(bound)];
  return { matches: (labels) => has(labels, key) && wholeNumber.test(labels[key]!) && (BigInt(labels[key]!) - limit) * sign > 0n };
}

const wholeNumber = /^-?\d{1,19}$/;

const has = (labels: Readonly<Record<string, string>>, key: string): boolean => Object.hasOwn(labels, key);

function check(key: string, values: Iterable<string>, whole: string): void {
  if (!isQualifiedName(key)) throw unparsed(whole, `${shown(key)}: ${labelKeyRule}`);
  for (const value of values) if (!isLabelValue(value)) throw unparsed(whole, `${shown(value)}: ${labelValueRule}`);
}

const unparsed = (whole: string, why: string) => badRequest(`unable to parse requirement in labelSelector ${shown(whole)}: ${why}`);

interface FieldRequirement {
  readonly path: string;
  readonly equal: boolean;
  readonly value: string;
}

/** `metadata.name=x,reason!=y`: only fields that never change after an object was made, so that nothing leaves a selection by them. */
function parseFieldSelector(text: string, kind: Kind): FieldRequirement[] {
  const selectable = ['metadata.name', 'metadata.namespace', ...(kind.selectableFields ?? [])];
  return termsOf(text, 'backslash').map((term) => {
    const at = term.search(/[=!]/);
    const [, operator, value = ''] = /^(==|!=|=)(.*)$/s.exec(at < 0 ? '' : term.slice(at)) ?? [];
    const path = term.slice(0, Math.max(at, 0)).trim();
    if (operator === undefined || path === '') throw badRequest(`invalid field selector: ${shown(term)}: write field=value`);
    if (!selectable.includes(path)) throw badRequest(`field label not supported: ${cut(path, longestPath)}`);
    return { path, equal: operator !== '!=', value: value.trim().replace(/\\([\\,=])/g, '$1') };
  });
}

/** Characters of a path that a message shows. */
const longestPath = 120;

function matchesField({ path, equal, value }: FieldRequirement, object: KubeObject): boolean {
  let part: unknown = object;
  for (const key of path.split('.')) part = (part as Record<string, unknown> | undefined)?.[key];
  return (String(part ?? '') === value) === equal;
}
