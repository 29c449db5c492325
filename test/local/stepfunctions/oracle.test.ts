import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { inputs, machines } from './generated.ts';
import { functionsOf, ours, theirs } from './oracle.ts';

describe('beside an independent interpreter', () => {
  it('generated state machines end in the same way, through the same states', async () => {
    const property = fc.asyncProperty(machines, inputs, async ({ definition, behaviours, parallel }, input) => {
      const expected = await theirs(definition, input, functionsOf(behaviours), !parallel);
      expect(ours(definition, input, functionsOf(behaviours), !parallel)).toEqual(expected);
    });
    await fc.assert(property, { numRuns: 300, seed: 2019 });
  });
});
