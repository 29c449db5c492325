import type { Kind } from '../kinds/define-kind.ts';
import type { Attributes, Authorize, User } from './call.ts';
import { subresourcesOf, verbsOfAll } from './discovery/verbs.ts';
import { isRecord } from './objects/decode.ts';
import { readBody } from './request/body.ts';
import type { ResourcePath } from './request/route.ts';
import { badRequest, methodNotAllowed } from './status.ts';
import { respond } from './view/present.ts';

/** `kubectl auth whoami` and `kubectl auth can-i`: who asks, and what they may do. Nothing of it is stored. */

export interface Reviews {
  readonly kinds: readonly Kind[];
  readonly authorize: Authorize;
}

const reviews: Readonly<Record<string, string>> = {
  'authentication.k8s.io/v1/selfsubjectreviews': 'SelfSubjectReview',
  'authorization.k8s.io/v1/selfsubjectaccessreviews': 'SelfSubjectAccessReview',
  'authorization.k8s.io/v1/selfsubjectrulesreviews': 'SelfSubjectRulesReview',
  'authorization.k8s.io/v1/subjectaccessreviews': 'SubjectAccessReview',
};

/** The kind of review that a path asks for; undefined: none. */
export const reviewAt = ({ group, version, resource, name, namespace }: ResourcePath): string | undefined =>
  name === undefined && namespace === undefined ? reviews[`${group}/${version}/${resource}`] : undefined;

/** Whether everybody may ask this of themselves. */
export const isSelfReview = (review: string): boolean => review.startsWith('Self');

export async function answerReview(options: Reviews, user: User, review: string, request: Request): Promise<Response> {
  if (request.method !== 'POST') throw methodNotAllowed();
  const { value = {} } = (await readBody(request)) ?? {};
  if (!isRecord(value) || (value.kind ?? review) !== review) throw badRequest(`the body is no ${review}`);
  const apiVersion = review === 'SelfSubjectReview' ? 'authentication.k8s.io/v1' : 'authorization.k8s.io/v1';
  const spec = isRecord(value.spec) ? value.spec : {};
  const status = await statusOf(options, user, review, spec);
  const echoed = review === 'SelfSubjectReview' ? {} : { spec };
  return respond({ kind: review, apiVersion, metadata: { creationTimestamp: null }, ...echoed, status }, 201);
}

function statusOf(options: Reviews, user: User, review: string, spec: Record<string, unknown>): unknown {
  switch (review) {
    case 'SelfSubjectReview':
      return { userInfo: { username: user.name, groups: user.groups } };
    case 'SelfSubjectRulesReview':
      return rulesOf(options, user, textOf(spec.namespace));
    case 'SelfSubjectAccessReview':
      return options.authorize(attributesOf(spec, user));
    default:
      return options.authorize(attributesOf(spec, otherUser(spec)));
  }
}

const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');

function otherUser({ user, groups }: Record<string, unknown>): User {
  const names = Array.isArray(groups) ? groups.filter((group) => typeof group === 'string') : [];
  if (textOf(user) === '' && names.length === 0) throw badRequest('spec.user or spec.groups is required');
  return { name: textOf(user), groups: names };
}

function attributesOf({ resourceAttributes, nonResourceAttributes }: Record<string, unknown>, user: User): Attributes {
  if (isRecord(nonResourceAttributes)) return { user, verb: textOf(nonResourceAttributes.verb), path: textOf(nonResourceAttributes.path) };
  if (!isRecord(resourceAttributes)) throw badRequest('exactly one of spec.resourceAttributes and spec.nonResourceAttributes is required');
  const { verb, group, resource, subresource, namespace, name } = resourceAttributes;
  return {
    user,
    verb: textOf(verb),
    group: textOf(group),
    resource: textOf(resource),
    ...(textOf(subresource) !== '' && { subresource: textOf(subresource) }),
    ...(textOf(namespace) !== '' && { namespace: textOf(namespace) }),
    ...(textOf(name) !== '' && { name: textOf(name) }),
  };
}

/** Everything that the user may do in a namespace, found by asking for each thing: rights that hold for single names only are not in it. */
async function rulesOf({ kinds, authorize }: Reviews, user: User, namespace: string): Promise<unknown> {
  const resourceRules: unknown[] = [];
  for (const kind of kinds) {
    const parts = [
      { name: kind.plural, verbs: verbsOfAll },
      ...subresourcesOf(kind, []).map((s) => ({ name: `${kind.plural}/${s.name}`, verbs: s.verbs })),
    ];
    for (const part of parts) {
      const [resource = '', subresource] = part.name.split('/');
      const verbs: string[] = [];
      for (const verb of part.verbs) {
        const { allowed } = await authorize({
          user,
          verb,
          group: kind.group,
          resource,
          ...(subresource && { subresource }),
          ...(namespace && { namespace }),
        });
        if (allowed) verbs.push(verb);
      }
      if (verbs.length > 0) resourceRules.push({ verbs, apiGroups: [kind.group], resources: [part.name] });
    }
  }
  const nonResourceURLs = ['/api', '/api/*', '/apis', '/apis/*', '/healthz', '/livez', '/openapi', '/openapi/*', '/readyz', '/version'];
  return { resourceRules, nonResourceRules: [{ verbs: ['get'], nonResourceURLs }], incomplete: false };
}
