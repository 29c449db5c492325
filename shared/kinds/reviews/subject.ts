import * as z from 'zod';

/** What a question about rights can name, in Kubernetes' fields. */

const extra = z
  .record(z.string(), z.array(z.string()))
  .optional()
  .describe('What an authenticator says beyond that. Nothing here looks at it.');

/** Somebody, as `kubectl auth whoami` shows them. */
export const userInfo = z
  .object({
    username: z.string().optional().describe('Name of the user.'),
    uid: z.string().optional().describe('Uid of the user, where users have one.'),
    groups: z.array(z.string()).optional().describe('Groups of the user.'),
    extra,
  })
  .describe('Who asked.');

/** The fields of a question about somebody else. */
export const subjectFields = {
  user: z.string().optional().describe('Name of the user. Alone it means this user in no group.'),
  groups: z.array(z.string()).optional().describe('Groups of the user.'),
  uid: z.string().optional().describe('Uid of the user. No role looks at it.'),
  extra,
};

const selector = (what: string) =>
  z
    .object({
      rawSelector: z.string().optional().describe('The selector as it stands in a query.'),
      requirements: z
        .array(
          z
            .object({
              key: z.string().describe('What is selected by.'),
              operator: z.string().describe('In, NotIn, Exists or DoesNotExist.'),
              values: z.array(z.string()).optional().describe('The values; none for Exists and DoesNotExist.'),
            })
            .describe('One requirement.'),
        )
        .optional()
        .describe('The selector, taken apart.'),
    })
    .optional()
    .describe(`The ${what} selector of the request. Roles do not look at it.`);

const resourceAttributes = z
  .object({
    namespace: z.string().optional().describe('Namespace of the objects; empty: all namespaces, or a kind that is in none.'),
    verb: z.string().optional().describe('What would be done: get, list, watch, create, update, patch, delete, deletecollection, or *.'),
    group: z.string().optional().describe('API group of the resource, or *.'),
    version: z.string().optional().describe('API version of the resource. Roles do not look at it.'),
    resource: z.string().optional().describe('The resource, such as machines, or *.'),
    subresource: z.string().optional().describe('A part of it, such as status.'),
    name: z.string().optional().describe('Name of the object; empty: all of them.'),
    fieldSelector: selector('field'),
    labelSelector: selector('label'),
  })
  .optional()
  .describe('Something that would be done to objects.');

const nonResourceAttributes = z
  .object({
    path: z.string().optional().describe('The path, such as /metrics.'),
    verb: z.string().optional().describe('The HTTP method in small letters, such as get.'),
  })
  .optional()
  .describe('Something that would be done at a path that is no resource.');

/** The fields that say what would be done: one of the two. */
export const actionFields = { resourceAttributes, nonResourceAttributes };

/** The answer. */
export const accessStatus = z
  .object({
    allowed: z.boolean().describe('Whether they may.'),
    denied: z.boolean().optional().describe('Whether it is refused whatever anybody else says. Roles never do that.'),
    reason: z.string().optional().describe('Why, for people.'),
    evaluationError: z.string().optional().describe('What could not be looked at.'),
  })
  .optional()
  .describe('The answer. Written by the server.');
