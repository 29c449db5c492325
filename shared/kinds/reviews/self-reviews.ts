import * as z from 'zod';
import { defineKind } from '../define-kind.ts';
import { policyRule } from '../rbac/policy-rule.ts';
import { userInfo } from './subject.ts';

/** Questions about oneself: who am I, and what may I. They are created and answered at once, and never stored. */

const { verbs, apiGroups, resources, resourceNames, nonResourceURLs } = policyRule.shape;

export const selfSubjectReview = defineKind({
  group: 'authentication.k8s.io',
  version: 'v1',
  kind: 'SelfSubjectReview',
  plural: 'selfsubjectreviews',
  scope: 'Cluster',
  verbs: ['create'],
  description: 'Asks who asks. kubectl auth whoami creates it.',
  schema: z.object({ status: z.object({ userInfo }).optional().describe('The answer. Written by the server.') }),
});

export const selfSubjectRulesReview = defineKind({
  group: 'authorization.k8s.io',
  version: 'v1',
  kind: 'SelfSubjectRulesReview',
  plural: 'selfsubjectrulesreviews',
  scope: 'Cluster',
  verbs: ['create'],
  description: 'Asks for all that who asks may do in a namespace. kubectl auth can-i --list creates it.',
  schema: z.object({
    spec: z.object({ namespace: z.string().optional().describe('The namespace.') }).describe('Where.'),
    status: z
      .object({
        resourceRules: z
          .array(z.object({ verbs, apiGroups, resources, resourceNames }).describe('Something that may be done to objects.'))
          .optional()
          .describe('What may be done to objects.'),
        nonResourceRules: z
          .array(z.object({ verbs, nonResourceURLs }).describe('Something that may be done at paths.'))
          .optional()
          .describe('What may be done at paths that are no resources.'),
        incomplete: z.boolean().describe('Whether there may be more.'),
        evaluationError: z.string().optional().describe('Why there may be more.'),
      })
      .optional()
      .describe('The answer. Written by the server.'),
  }),
});
