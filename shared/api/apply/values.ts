import { isRecord } from '../objects/decode.ts';
import { valueElement } from './elements.ts';
import type { ListShape, MapShape } from './shape.ts';

/** Maps and lists as server-side apply sees them. Whatever is of another kind than its schema says counts as empty. */

export const fieldsOf = (value: unknown): Record<string, unknown> => (isRecord(value) ? value : {});

/** The value of a field; undefined: it is not there. */
export const fieldIn = (value: unknown, name: string): unknown => (isRecord(value) && Object.hasOwn(value, name) ? value[name] : undefined);

export const itemsOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

/** An item without keys, which no validated object has, is told apart by all that it is. */
export const elementOf = ({ elementOf }: ListShape, item: unknown): string => elementOf(item) ?? valueElement(item);

/** The items by their elements. Two of one element are duplicates: the API refuses them in what is applied only. */
export const byElement = (value: unknown, shape: ListShape): Map<string, unknown[]> =>
  Map.groupBy(itemsOf(value), (item) => elementOf(shape, item));

export const isOfKind = (value: unknown, { is }: MapShape | ListShape): boolean => (is === 'map' ? isRecord(value) : Array.isArray(value));

/** Absent, null, of another kind, or empty. */
export const isBlank = (value: unknown, { is }: MapShape | ListShape): boolean =>
  is === 'map' ? Object.keys(fieldsOf(value)).length === 0 : itemsOf(value).length === 0;
