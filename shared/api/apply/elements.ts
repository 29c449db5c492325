import { canonical } from '../../kinds/canonical.ts';
import { isRecord } from '../objects/decode.ts';
import type { Path } from './field-set.ts';

/** The elements of paths, as text: made, read back from what a client sent, and printed as conflicts name them. */

export const fieldElement = (name: string): string => `f:${name}`;

/** The field that an element names; undefined: it names an item of a list. */
export const fieldNamed = (element: string): string | undefined => (element.startsWith('f:') ? element.slice(2) : undefined);

/** An item of a set. */
export const valueElement = (value: unknown): string => `v:${canonical(value)}`;

/** An item of a list that is a map, by its keys. */
export const keyElement = (keys: Record<string, unknown>): string => `k:${canonical(keys)}`;

/** The element in our spelling, so that equal ones are equal texts; undefined: it is none. */
export function normalizeElement(text: string): string | undefined {
  const rest = text.slice(2);
  if (text.startsWith('f:')) return text;
  if (text.startsWith('i:')) return /^\d+$/.test(rest) ? text : undefined;
  const value = parsed(rest);
  if (text.startsWith('v:')) return value === undefined ? undefined : valueElement(value);
  return text.startsWith('k:') && isRecord(value) ? keyElement(value) : undefined;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** `.spec.taints[effect="NoExecute",key="a"].value`, `.metadata.finalizers[="x/y"]`. */
export const printPath = (path: Path): string => path.map(printElement).join('');

function printElement(element: string): string {
  const rest = element.slice(2);
  if (element.startsWith('f:')) return `.${rest}`;
  if (element.startsWith('v:')) return `[=${rest}]`;
  if (element.startsWith('i:')) return `[${rest}]`;
  const keys = Object.entries(JSON.parse(rest) as object);
  return `[${keys.map(([key, value]) => `${key}=${JSON.stringify(value)}`).join(',')}]`;
}
