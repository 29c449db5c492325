import * as z from 'zod';
import { defineKind, type Kind } from '../../../shared/kinds/define-kind.ts';

/** Kinds that nobody has thought of: every second one is reconciled, every fourth has no namespace, and five share a group. */
export const manyKinds = (count: number): readonly Kind[] =>
  Array.from({ length: count }, (_, i) =>
    defineKind({
      group: `group-${Math.floor(i / 5)}.example.com`,
      version: 'v1',
      kind: `Sample${i}`,
      plural: `sample${i}s`,
      description: 'A kind.',
      scope: i % 4 === 3 ? 'Cluster' : 'Namespaced',
      reconciled: i % 2 === 0,
      schema: z.object({ spec: z.object({}).describe('Nothing.') }),
    }),
  );
