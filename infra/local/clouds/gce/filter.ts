import { ApiError } from './errors.ts';

const condition = /^(?<field>name|status|address|labels\.[-_a-z0-9]+)\s*(?<operator>!=|=|:)\s*(?<value>"[^"]*"|[^\s"]+)$/;

/** The part of a resource that filters see. */
export interface Filterable {
  readonly name: string;
  readonly status?: string;
  readonly address?: string;
  readonly labels?: Readonly<Record<string, string>>;
}

/** The `filter` of a list: conditions such as `labels.a=b`, joined by AND or in parentheses one after another. */
export function filterOf(text: string | null): (resource: Filterable) => boolean {
  const conditions = (text ?? '')
    .split(/\s+AND\s+|\)\s*\(/)
    .map((part) => part.replace(/^\s*\(|\)\s*$/g, '').trim())
    .filter((part) => part !== '')
    .map(readCondition);
  return (resource) => conditions.every((holds) => holds(resource));
}

function readCondition(text: string): (resource: Filterable) => boolean {
  const { field, operator, value = '' } = condition.exec(text)?.groups ?? {};
  if (field === undefined)
    throw new ApiError(400, 'invalid', `Invalid value for field 'filter': '${text}'. Invalid list filter expression.`);
  const expected = value.replaceAll('"', '');
  return (resource) => {
    const actual = fieldOf(resource, field);
    if (operator === ':') return actual !== undefined && (expected === '*' || actual.includes(expected));
    return (actual === expected) === (operator === '=');
  };
}

function fieldOf(resource: Filterable, field: string): string | undefined {
  if (field.startsWith('labels.')) return resource.labels?.[field.slice('labels.'.length)];
  return resource[field as 'name' | 'status' | 'address'];
}
