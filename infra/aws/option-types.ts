/** How options are read: as they stand in cdk.json, or as text from a command line. */
import * as z from 'zod';

export const arn = (service: string, rest: string) =>
  z.string().regex(new RegExp(`^arn:aws[a-z-]*:${service}:[a-z0-9-]*:\\d{12}:${rest}$`));

export const region = () => z.string().regex(/^[a-z]{2,}(-[a-z]+)+-\d+$/);

/** `a,b` is a list of two. */
export const listOf = <T extends z.ZodType>(element: T) =>
  z.preprocess((value) => (typeof value === 'string' ? value.split(',').map((part) => part.trim()) : value), z.array(element).min(1));

export const wholeNumber = (least: number, most: number) =>
  z.preprocess((value) => (typeof value === 'string' ? Number(value.trim() || Number.NaN) : value), z.int().min(least).max(most));

export const flag = () => z.preprocess((value) => ({ true: true, false: false })[String(value)], z.boolean());

export const json = <T extends z.ZodRawShape>(shape: T) => z.preprocess(parsedJson, z.strictObject(shape));

/** What the text means, if it is JSON; else the text. */
export function parsedJson(value: unknown): unknown {
  if (typeof value !== 'string') return value;
  try {
    return JSON.parse(value);
  } catch {
    return value;
  }
}
