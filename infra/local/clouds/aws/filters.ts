import type { Tags } from './account.ts';
import { Ec2Error, type Params } from './wire.ts';

/** The values of an object that filters can ask for, by filter name; `tags` answer `tag:<key>` and `tag-key`. */
export interface Filterable {
  readonly [name: string]: string | readonly string[] | undefined;
}

/** Whether an object passes all filters of the call. `*` and `?` in a value are wildcards, as in EC2. */
export function filtersOf(params: Params): (tags: Tags, values: Filterable) => boolean {
  const filters = params.each('Filter').map((filter) => ({ name: filter.required('Name'), accepts: acceptsAny(filter.list('Value')) }));
  return (tags, values) => filters.every(({ name, accepts }) => has(name, tags, values).some(accepts));
}

function has(name: string, tags: Tags, values: Filterable): readonly string[] {
  if (name === 'tag-key') return Object.keys(tags);
  if (name.startsWith('tag:')) return [tags[name.slice(4)]].filter((value) => value !== undefined);
  if (!(name in values)) throw new Ec2Error(400, 'InvalidParameterValue', `The filter '${name}' is invalid`);
  const value = values[name];
  return value === undefined ? [] : typeof value === 'string' ? [value] : value;
}

function acceptsAny(wanted: readonly string[]): (value: string) => boolean {
  const plain = new Set(wanted.filter((value) => !/[*?]/.test(value)));
  const patterns = wanted.filter((value) => /[*?]/.test(value)).map(pattern);
  return (value) => plain.has(value) || patterns.some((one) => one.test(value));
}

const pattern = (value: string): RegExp =>
  new RegExp(
    `^${value
      .replace(/[.+^${}()|[\]\\]/g, '\\$&')
      .replaceAll('*', '.*')
      .replaceAll('?', '.')}$`,
    's',
  );

/** One page of `rows`, and the token of the next. */
export function page<T>(params: Params, rows: readonly T[]): { readonly rows: readonly T[]; readonly nextToken: string | undefined } {
  const size = Number(params.text('MaxResults') ?? rows.length);
  const from = Number(Buffer.from(params.text('NextToken') ?? '', 'base64url').toString() || 0);
  if (!Number.isInteger(from)) throw new Ec2Error(400, 'InvalidNextToken', 'The token is not one that was given');
  const more = from + size < rows.length;
  return { rows: rows.slice(from, from + size), nextToken: more ? Buffer.from(String(from + size)).toString('base64url') : undefined };
}

/** The tags that the call gives to what it makes of this sort. */
export function tagsFor(params: Params, resourceType: string): Record<string, string> {
  const specs = params.each('TagSpecification').filter((spec) => spec.text('ResourceType') === resourceType);
  const tags = specs.flatMap((spec) => spec.each('Tag').map((tag) => [tag.required('Key'), tag.text('Value') ?? ''] as const));
  for (const [key, value] of tags) {
    if (key.length > 127 || value.length > 255 || key.startsWith('aws:'))
      throw new Ec2Error(400, 'InvalidParameterValue', `The tag '${key}' is too long, or begins with aws:`);
  }
  if (tags.length > 50) throw new Ec2Error(400, 'TagLimitExceeded', 'The maximum number of tags for a resource is 50');
  return Object.fromEntries(tags);
}
