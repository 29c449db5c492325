import type { Kind } from '../kinds/define-kind.ts';
import type { KubeObject } from '../kinds/object.ts';
import { isLabelValue, isQualifiedName, labelKeyRule, labelValueRule } from './objects/metadata.ts';
import { badRequest } from './status.ts';

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

/** `a=b,a==b,a!=b,a in (x,y),a notin (x),a,!a`. `!=` and `notin` also select objects without the label. */
export function parseLabelSelector(text: string): Requirement[] {
  return splitOutsideParentheses(text).map((part) => parseRequirement(part, text));
}

const splitOutsideParentheses = (text: string): string[] => {
  const parts = text.trim() === '' ? [] : text.split(/,(?![^(]*\))/);
  return parts.map((part) => part.trim());
};

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
  const existence = /^(!?)\s*(\S*)$/.exec(part);
  if (existence === null)
    throw unparsed(whole, `write key=value, key!=value, key in (a,b), key notin (a,b), key or !key instead of "${part}"`);
  const [, not, key = ''] = existence;
  check(key, [], whole);
  return { matches: (labels) => has(labels, key) === (not === '') };
}

const has = (labels: Readonly<Record<string, string>>, key: string): boolean => Object.hasOwn(labels, key);

function check(key: string, values: Iterable<string>, whole: string): void {
  if (!isQualifiedName(key)) throw unparsed(whole, `"${key}": ${labelKeyRule}`);
  for (const value of values) if (!isLabelValue(value)) throw unparsed(whole, `"${value}": ${labelValueRule}`);
}

const unparsed = (whole: string, why: string) => badRequest(`unable to parse requirement in labelSelector "${whole}": ${why}`);

interface FieldRequirement {
  readonly path: string;
  readonly equal: boolean;
  readonly value: string;
}

/** `metadata.name=x,reason!=y`: only fields that never change after an object was made, so that nothing leaves a selection by them. */
function parseFieldSelector(text: string, kind: Kind): FieldRequirement[] {
  const selectable = ['metadata.name', 'metadata.namespace', ...(kind.selectableFields ?? [])];
  const parts = text === '' ? [] : text.split(/(?<!\\),/);
  return parts.map((part) => {
    const [, path = '', operator, value = ''] = /^([^=!]+?)\s*(==|!=|=)\s*(.*)$/s.exec(part.trim()) ?? [];
    if (operator === undefined) throw badRequest(`invalid field selector: "${part}": write field=value`);
    if (!selectable.includes(path)) throw badRequest(`field label not supported: ${path}`);
    return { path, equal: operator !== '!=', value: value.replace(/\\([\\,=])/g, '$1') };
  });
}

function matchesField({ path, equal, value }: FieldRequirement, object: KubeObject): boolean {
  let part: unknown = object;
  for (const key of path.split('.')) part = (part as Record<string, unknown> | undefined)?.[key];
  return (String(part ?? '') === value) === equal;
}
