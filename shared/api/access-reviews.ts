import type { Kind } from '../kinds/define-kind.ts';
import { everybody } from './authorize/everybody.ts';
import type { Attributes, Authorize, RulesOf, User } from './call.ts';
import { subresourcesOf, verbsOf } from './discovery/verbs.ts';
import { isRecord } from './objects/decode.ts';
import { readBody } from './request/body.ts';
import type { ResourcePath } from './request/route.ts';
import { badRequest, methodNotAllowed } from './status.ts';
import { respond } from './view/present.ts';

/** `kubectl auth whoami` and `kubectl auth can-i`: who asks, and what they may do. Nothing of it is stored. */

export interface Reviews {
  readonly kinds: readonly Kind[];
  readonly authorize: Authorize;
  readonly rulesOf: RulesOf | undefined;
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
      return rulesStatus(options, user, textOf(spec.namespace));
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

/** Everything that the user may do in a namespace, as the rules say it that allow it. */
async function rulesStatus({ kinds, authorize, rulesOf }: Reviews, user: User, namespace: string): Promise<unknown> {
  const { rules, errors } = (await rulesOf?.(user, namespace)) ?? (await rulesByAsking(kinds, authorize, user, namespace));
  return {
    resourceRules: rules
      .filter(({ resources }) => resources !== undefined)
      .map(({ verbs, apiGroups, resources, resourceNames }) => ({ verbs, apiGroups, resources, ...(resourceNames && { resourceNames }) })),
    nonResourceRules: rules
      .filter(({ nonResourceURLs }) => nonResourceURLs !== undefined)
      .map(({ verbs, nonResourceURLs }) => ({ verbs, nonResourceURLs })),
    incomplete: errors.length > 0,
    ...(errors.length > 0 && { evaluationError: errors.join(', ') }),
  };
}

/** For those who decide without rules: each thing is asked for, so that rights which hold for single names only are not in it. */
async function rulesByAsking(
  kinds: readonly Kind[],
  authorize: Authorize,
  user: User,
  namespace: string,
): Promise<Awaited<ReturnType<RulesOf>>> {
  const rules = [...everybody];
  for (const kind of kinds) {
    const parts = [{ verbs: verbsOf(kind) }, ...subresourcesOf(kind, []).map(({ name, verbs }) => ({ subresource: name, verbs }))];
    for (const { verbs, ...part } of parts) {
      const action = { group: kind.group, resource: kind.plural, ...part, ...(namespace && { namespace }) };
      const decisions = await Promise.all(verbs.map((verb) => authorize({ user, verb, ...action })));
      const allowed = verbs.filter((_, i) => decisions[i]?.allowed);
      const resource = 'subresource' in part ? `${kind.plural}/${part.subresource}` : kind.plural;
      if (allowed.length > 0) rules.push({ verbs: allowed, apiGroups: [kind.group], resources: [resource] });
    }
  }
  return { rules, errors: [] };
}
