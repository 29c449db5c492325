import fc from 'fast-check';
import { type Step, sequence, type Workflow } from '../../shared/kinds/workflow.ts';

const words = fc.string({ unit: fc.constantFrom(...'abcijklmwWMRTZ'), minLength: 1, maxLength: 24 });

const steps: fc.Arbitrary<Step> = fc.record({
  name: words,
  asks: fc.constantFrom('once' as const, 'until settled' as const),
  cloud: fc.boolean(),
  comment: fc.oneof(
    fc.constant(''),
    fc.array(words, { maxLength: 14 }).map((each) => each.join(' ')),
  ),
});

/** Any workflow that `sequence` can make. */
export const sequences: fc.Arbitrary<Workflow> = fc
  .tuple(words, fc.uniqueArray(steps, { selector: ({ name }) => name, minLength: 1, maxLength: 9 }), words)
  .map(([name, each, comment]) => sequence(name, each, { comment }));
