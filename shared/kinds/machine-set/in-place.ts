import { canonical } from '../canonical.ts';

type Json = Readonly<Record<string, unknown>>;

/**
 * The fields of a Machine's spec that change on the running machine (as Cluster API: labels, annotations, taints and
 * deletion timeouts never cause a rollout). What does cause one is the RolloutSpec.
 */
export type InPlaceSpec = { readonly [field in (typeof fields)[number]]?: unknown };

const fields = ['metadata', 'taints', 'deletion'] as const;

/** The part of a Machine's spec that changes in place. */
export const inPlaceOf = (spec: Json): InPlaceSpec =>
  Object.fromEntries(fields.flatMap((field) => (spec[field] === undefined ? [] : [[field, spec[field]]])));

/** Labels or annotations that are wanted and not there with that value. Those nobody asks for stay: they may be the user's. */
export function missingFrom(there: Readonly<Record<string, string>>, wanted: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(wanted).filter(([key, value]) => there[key] !== value));
}

/** The JSON merge patch (RFC 7386) that turns one object into the other; empty when they say the same. */
export function patchBetween(from: Json, to: Json): Json {
  const patch: Record<string, unknown> = {};
  for (const key of new Set([...Object.keys(from), ...Object.keys(to)])) {
    const [before, after] = [from[key], to[key]];
    if (canonical([before]) === canonical([after])) continue;
    if (after === undefined) patch[key] = null;
    else patch[key] = isObject(before) && isObject(after) ? patchBetween(before, after) : after;
  }
  return patch;
}

const isObject = (value: unknown): value is Json => typeof value === 'object' && value !== null && !Array.isArray(value);

export const isEmpty = (record: Json): boolean => Object.keys(record).length === 0;
