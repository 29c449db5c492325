import * as z from 'zod';
import type { Cause } from '../../errors.ts';
import { defineKind, type ObjectOfKind } from '../define-kind.ts';
import type { ObjectMeta } from '../object.ts';
import { accessStatus, actionFields, subjectFields } from './subject.ts';

/** Questions of the form "may they?". They are created and answered at once, and never stored. What is asked of them is as upstream. */

const face = { group: 'authorization.k8s.io', version: 'v1', verbs: ['create'] } as const;

const action = z.object(actionFields);
const subjectAction = z.object({ ...actionFields, ...subjectFields });

export const selfSubjectAccessReview = defineKind({
  ...face,
  kind: 'SelfSubjectAccessReview',
  plural: 'selfsubjectaccessreviews',
  scope: 'Cluster',
  description: 'Asks whether who asks may do something. kubectl auth can-i creates it.',
  schema: z.object({ spec: action.describe('What would be done.'), status: accessStatus }),
  validate: ({ metadata, spec }) => [...actionCauses(spec), ...metadataCauses(metadata)],
});

export const subjectAccessReview = defineKind({
  ...face,
  kind: 'SubjectAccessReview',
  plural: 'subjectaccessreviews',
  scope: 'Cluster',
  description: 'Asks whether somebody may do something.',
  schema: z.object({ spec: subjectAction.describe('Who would do what.'), status: accessStatus }),
  validate: ({ metadata, spec }) => [...actionCauses(spec), ...subjectCauses(spec), ...metadataCauses(metadata)],
});
export type SubjectAccessReview = ObjectOfKind<typeof subjectAccessReview>;

export const localSubjectAccessReview = defineKind({
  ...face,
  kind: 'LocalSubjectAccessReview',
  plural: 'localsubjectaccessreviews',
  description:
    'Asks whether somebody may do something in a namespace. Who may ask that there need not have the right to ask about everything.',
  schema: z.object({ spec: subjectAction.describe('Who would do what.'), status: accessStatus }),
  validate({ metadata: { namespace = '', ...metadata }, spec }) {
    const place = spec.resourceAttributes?.namespace ?? '';
    return [
      ...actionCauses(spec),
      ...subjectCauses(spec),
      ...metadataCauses(metadata),
      ...(spec.resourceAttributes !== undefined && place !== namespace
        ? [{ field: 'spec.resourceAttributes.namespace', message: `"${place}": must match metadata.namespace` }]
        : []),
      ...(spec.nonResourceAttributes !== undefined
        ? [{ field: 'spec.nonResourceAttributes', message: 'disallowed on this kind of request: paths are in no namespace' }]
        : []),
    ];
  },
});

function actionCauses({ resourceAttributes, nonResourceAttributes }: z.output<typeof action>): Cause[] {
  if (resourceAttributes !== undefined && nonResourceAttributes !== undefined)
    return [{ field: 'spec.nonResourceAttributes', message: 'cannot be specified in combination with resourceAttributes' }];
  if (resourceAttributes !== undefined || nonResourceAttributes !== undefined) return [];
  return [{ field: 'spec.resourceAttributes', message: 'exactly one of nonResourceAttributes or resourceAttributes must be specified' }];
}

const subjectCauses = ({ user = '', groups = [] }: z.output<typeof subjectAction>): Cause[] =>
  user === '' && groups.length === 0 ? [{ field: 'spec.user', message: '"": at least one of user or group must be specified' }] : [];

/** A question has no name. Nothing of this has been checked before. */
const metadataCauses = ({ managedFields: _, ...metadata }: Partial<ObjectMeta>): Cause[] =>
  Object.values(metadata).some((value) => value !== null && value !== '' && (typeof value !== 'object' || Object.keys(value).length > 0))
    ? [{ field: 'metadata', message: 'must be empty' }]
    : [];
