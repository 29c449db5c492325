import { customResourceDefinition } from '../kinds/apiextensions/custom-resource-definition.ts';
import type { Kind } from '../kinds/define-kind.ts';
import type { ApiOptions, Generated } from './call.ts';
import { definitions } from './definitions/definitions.ts';
import { reviews } from './reviews/reviews.ts';
import { servedKinds } from './stored-once.ts';

/** What the API of these kinds answers beside their objects: what they are, who asks, and who may do what. */
export const generatedFor = (kinds: readonly Kind[], ports: Omit<ApiOptions, 'kinds' | 'store'>): Generated[] => [
  definitions(kinds, ports),
  ...reviews([...servedKinds(kinds), customResourceDefinition as unknown as Kind], ports),
];
