import type { Column } from './define-kind.ts';
import type { KubeObject } from './object.ts';

/** The column that nearly every kind has. */
export const age: Column<KubeObject> = {
  name: 'Age',
  type: 'date',
  description: 'Time since it was created',
  jsonPath: '.metadata.creationTimestamp',
  value: ({ metadata }) => metadata.creationTimestamp,
};
