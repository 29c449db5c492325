import type { Cause } from '../../errors.ts';
import type { Kind } from '../../kinds/define-kind.ts';
import { pathBelow, shown } from '../objects/causes.ts';
import { objectShape } from './record-update.ts';
import { concrete, type ListShape, type Shape } from './shape.ts';
import { fieldsOf, itemsOf } from './values.ts';

/** What is applied names each item of a set or of a list with keys once: else nobody can say which of them is owned. */
export function duplicateCauses(kind: Kind, configuration: unknown): Cause[] {
  const causes: Cause[] = [];
  walk(configuration, objectShape(kind), '', kind.sealed, causes);
  return causes;
}

function walk(value: unknown, unresolved: Shape, path: string, secret: boolean, causes: Cause[]): void {
  const shape = concrete(unresolved, value);
  if (shape.is === 'map')
    for (const [name, part] of Object.entries(fieldsOf(value))) walk(part, shape.field(name), pathBelow(path, name), secret, causes);
  if (shape.is === 'list') {
    for (const cause of listCauses(itemsOf(value), shape, path, secret)) causes.push(cause);
    for (const [i, item] of itemsOf(value).entries()) walk(item, shape.item, pathBelow(path, i), secret, causes);
  }
}

function listCauses(items: readonly unknown[], shape: ListShape, path: string, secret: boolean): Cause[] {
  const seen = new Set<string>();
  return items.flatMap((item, i): Cause[] => {
    const element = shape.elementOf(item);
    const field = pathBelow(path, i);
    if (element === undefined)
      return [{ field, reason: 'FieldValueRequired', message: 'write the keys that tell the items of this list apart' }];
    if (seen.has(element)) return [{ field, reason: 'FieldValueDuplicate', message: secret ? 'it is there already' : shown(item) }];
    seen.add(element);
    return [];
  });
}
