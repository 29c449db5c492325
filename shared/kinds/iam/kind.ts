import * as z from 'zod';
import type { Cause } from '../../errors.ts';
import { age } from '../age.ts';
import { defineKind, type ObjectOfKind } from '../define-kind.ts';
import { readArn } from './arn.ts';
import { isReserved, masters } from './reserved.ts';
import { namesSession, unknownTemplates } from './username.ts';

const specSchema = z.object({
  arn: z
    .string()
    .describe(
      'ARN of an IAM role, user or account root. A role stands for all its sessions: neither its path nor the name of a session is looked at.',
    ),
  username: z
    .string()
    .min(1, 'write the name that the user should have')
    .describe(
      'Name of the user. {{AccountID}} becomes the account, {{SessionName}} the name of the session of a role, with - for @. Whoever assumes a role chooses that name: grant nothing to it.',
    ),
  groups: z
    .array(z.string().min(1, 'write the name of a group'))
    .optional()
    .describe('Groups of the user. Members of system:masters may do everything.'),
});
type Spec = z.output<typeof specSchema>;

/** As the custom resource of aws-iam-authenticator, so that its manifests can be applied here. */
export const iamIdentityMapping = defineKind({
  group: 'iamauthenticator.k8s.aws',
  version: 'v1alpha1',
  kind: 'IAMIdentityMapping',
  plural: 'iamidentitymappings',
  scope: 'Cluster',
  description: 'Says which user somebody in AWS IAM is here. Where several name the same principal, the first by name counts.',
  schema: z.object({ spec: specSchema.describe('Who becomes whom.') }),
  columns: [
    { name: 'ARN', type: 'string', description: 'Who it is in IAM', jsonPath: '.spec.arn', value: (m) => m.spec.arn },
    { name: 'Username', type: 'string', description: 'Who it is here', jsonPath: '.spec.username', value: (m) => m.spec.username },
    { name: 'Groups', type: 'string', description: 'Its groups here', value: (m) => m.spec.groups?.join(',') },
    age,
  ],
  validate: ({ spec }): Cause[] => [...arnCauses(spec), ...usernameCauses(spec), ...(spec.groups ?? []).flatMap(groupCauses)],
});
export type IAMIdentityMappingObject = ObjectOfKind<typeof iamIdentityMapping>;

const reserved = `names that begin with system: belong to Kubernetes; only the group ${masters} can be given`;

function arnCauses({ arn }: Spec): Cause[] {
  if (readArn(arn) !== undefined) return [];
  return [
    { field: 'spec.arn', message: 'write the ARN of an IAM role, user or account root, such as arn:aws:iam::123456789012:role/Admin' },
  ];
}

function usernameCauses({ arn, username }: Spec): Cause[] {
  const field = 'spec.username';
  if (isReserved(username)) return [{ field, reason: 'FieldValueForbidden', message: reserved }];
  const unknown = unknownTemplates(username);
  if (unknown.length > 0) return [{ field, message: `there is no ${unknown.join(', ')}: write {{AccountID}} or {{SessionName}}` }];
  if (namesSession(username) && readArn(arn)?.isRole === false)
    return [{ field, message: 'only a role has sessions: write no {{SessionName}} for this ARN' }];
  return [];
}

function groupCauses(group: string, i: number): Cause[] {
  const field = `spec.groups[${i}]`;
  if (isReserved(group) && group !== masters) return [{ field, reason: 'FieldValueForbidden', message: reserved }];
  // A session's name would let its caller choose the group.
  if (group.includes('{{')) return [{ field, reason: 'FieldValueForbidden', message: 'groups are taken as they are: write no template' }];
  return [];
}
