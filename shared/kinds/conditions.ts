import { type Condition, timestamp } from './object.ts';

/** A condition as it is stored: written by us, or by somebody who left fields out. */
export type StoredCondition = Pick<Condition, 'type' | 'status'> & { reason?: string; message?: string; lastTransitionTime?: string };

/** The condition of this type, if there is one. */
export const conditionOf = <T extends { readonly type: string }>(conditions: readonly T[] | undefined, type: string): T | undefined =>
  conditions?.find((condition) => condition.type === type);

/**
 * The conditions with this one added or replaced in its place. `lastTransitionTime` moves only when `status` does.
 * @param now ms since 1970
 */
export function withCondition<T extends StoredCondition>(
  conditions: readonly T[] | undefined,
  condition: Omit<Condition, 'lastTransitionTime'>,
  now: number,
): (T | Condition)[] {
  const former = conditionOf(conditions, condition.type);
  const since = former?.status === condition.status ? former.lastTransitionTime : undefined;
  const next: Condition = { ...condition, lastTransitionTime: since ?? timestamp(now) };
  return former === undefined ? [...(conditions ?? []), next] : (conditions ?? []).map((each) => (each === former ? next : each));
}
