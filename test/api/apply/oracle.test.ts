import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { apply } from '../../../shared/api/apply/ownership.ts';
import { sameJson } from '../../../shared/api/objects/same-json.ts';
import { type History, random, replay, scripted, setsOf, shape, unordered } from './histories.ts';

function expectAsRecorded({ steps, object, sets }: History): void {
  const played = replay(steps);
  expect(played.conflicts).toEqual(steps.map((step) => step.conflicts ?? {}));
  expect(unordered(played.object)).toEqual(unordered(object));
  expect(setsOf(played.owners)).toEqual(sets);
}

/** The value with the fields of every map in another order, which means nothing. */
function shuffled(value: unknown, turn: number): unknown {
  if (value === null || typeof value !== 'object') return value;
  if (Array.isArray(value)) return value.map((item) => shuffled(item, turn));
  const fields = Object.entries(value).map(([name, part]) => [name, shuffled(part, turn)] as const);
  const at = fields.length === 0 ? 0 : turn % fields.length;
  return Object.fromEntries([...fields.slice(at), ...fields.slice(0, at)]);
}

describe('as structured-merge-diff:', () => {
  it('there are at least 150 recorded histories', () => {
    expect(scripted.length + random.length).toBeGreaterThanOrEqual(150);
  });

  it.each(scripted.map((history) => [history.name, history] as const))('%s', (_, history) => expectAsRecorded(history));

  it('random histories, in whatever order their fields are written', () => {
    const recorded = fc.constantFrom(...random);
    fc.assert(
      fc.property(recorded, fc.nat(6), (history, turn) =>
        expectAsRecorded({ ...history, steps: history.steps.map((step) => ({ ...step, object: shuffled(step.object, turn) })) }),
      ),
      { numRuns: 300, examples: random.map((history) => [history, 0]) },
    );
  });
});

/** Upstream, as here, an empty map that is applied goes when only an empty list was left in it, and comes back the next time. */
function withoutEmptyLists(value: unknown): unknown {
  if (value === null || typeof value !== 'object') return value;
  if (Array.isArray(value)) return value.map(withoutEmptyLists);
  const fields = Object.entries(value).filter(([, part]) => !Array.isArray(part) || part.length > 0);
  return Object.fromEntries(fields.map(([name, part]) => [name, withoutEmptyLists(part)]));
}

describe('after any history', () => {
  const histories = random.map(({ steps }) => steps.map((step) => ({ ...step, object: withoutEmptyLists(step.object) })));
  const configuration = fc.constantFrom(...histories.flatMap((steps) => steps.map(({ object }) => object)));
  const history = fc.constantFrom(...histories);
  const anybody = fc.constantFrom('anna', 'dora');

  it('to apply twice changes nothing, neither the object nor who owns it', () => {
    fc.assert(
      fc.property(history, configuration, anybody, (steps, applied, by) => {
        const { object, owners } = replay(steps);
        const once = apply(object, applied, owners, by, true, shape);
        if (once.conflicts !== undefined) throw new Error('a forced apply was refused');
        const twice = apply(once.object, applied, once.owners, by, false, shape);
        expect(twice).toEqual({ object: once.object, owners: once.owners });
      }),
      { numRuns: 300 },
    );
  });

  it('what is applied is there, and a refused apply says whose fields it would have changed', () => {
    fc.assert(
      fc.property(history, configuration, anybody, (steps, applied, by) => {
        const { object, owners } = replay(steps);
        const asked = apply(object, applied, owners, by, false, shape);
        if (asked.conflicts === undefined) {
          const again = apply(asked.object, applied, new Map(), 'nobody before', false, shape);
          expect(again.conflicts === undefined && sameJson(again.object, asked.object)).toBe(true);
        } else {
          expect(asked.conflicts.length).toBeGreaterThan(0);
          for (const { manager } of asked.conflicts) expect(owners.has(manager) && manager !== by).toBe(true);
        }
      }),
      { numRuns: 300 },
    );
  });
});
