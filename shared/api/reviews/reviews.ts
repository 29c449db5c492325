import { apiVersionOf, type Kind } from '../../kinds/define-kind.ts';
import type { KubeObject } from '../../kinds/object.ts';
import {
  localSubjectAccessReview,
  type SubjectAccessReview,
  selfSubjectAccessReview,
  subjectAccessReview,
} from '../../kinds/reviews/access-reviews.ts';
import { selfSubjectReview, selfSubjectRulesReview } from '../../kinds/reviews/self-reviews.ts';
import { allowAll } from '../allow.ts';
import type { ApiOptions, Attributes, Generated, User } from '../call.ts';
import { causesOf } from '../objects/causes.ts';
import { decodeObject } from '../objects/decode.ts';
import { schemaOf } from '../objects/schema.ts';
import { readBody } from '../request/body.ts';
import { writeOptions } from '../request/query.ts';
import { badRequest, invalid, methodNotAllowed, noSuchResource } from '../status.ts';
import { respond } from '../view/present.ts';
import { rulesStatus } from './rules-status.ts';

/** A question, once it is sound. */
interface Asked<T> {
  readonly user: User;
  readonly review: T;
}

/**
 * `kubectl auth whoami` and `kubectl auth can-i`: who asks, and what they and others may do. `kinds`: what rights can be about, for those
 * who decide without rules.
 */
export function reviews(kinds: readonly Kind[], { authorize = allowAll, rulesOf }: Pick<ApiOptions, 'authorize' | 'rulesOf'>): Generated[] {
  const mayOther = ({ review: { spec } }: Asked<SubjectAccessReview>) =>
    authorize(attributesOf(spec, { name: spec.user ?? '', groups: spec.groups ?? [] }));
  return [
    ofOneself(answering(selfSubjectReview, async ({ user: { name, groups } }) => ({ userInfo: { username: name, groups } }))),
    ofOneself(answering(selfSubjectAccessReview, ({ user, review: { spec } }) => authorize(attributesOf(spec, user)))),
    ofOneself(
      answering(selfSubjectRulesReview, ({ user, review: { spec } }) => {
        if (!spec.namespace) throw badRequest('no namespace on request: rights are listed for one, in spec.namespace');
        return rulesStatus({ kinds, authorize, rulesOf }, user, spec.namespace);
      }),
    ),
    answering(subjectAccessReview, mayOther),
    answering(localSubjectAccessReview, mayOther),
  ];
}

const ofOneself = (review: Generated): Generated => ({ ...review, everybodyMay: 'create' });

function answering<T extends KubeObject>(face: Kind<T>, statusOf: (asked: Asked<T>) => Promise<unknown>): Generated {
  const kind = face as unknown as Kind;
  return {
    kind,
    async answer({ request, query, user, verb, path: { name, namespace } }) {
      if ((kind.scope === 'Namespaced') !== (namespace !== undefined)) throw noSuchResource();
      if (verb !== 'create' || name !== undefined) throw methodNotAllowed(kind);
      const { fieldValidation } = writeOptions(query, 'Create');
      const { object, warnings } = decodeObject(kind, await readBody(request), fieldValidation);
      const review = soundReview(kind, inNamespace(object, namespace));
      const status = await statusOf({ user, review: review as T });
      const metadata = { ...(namespace !== undefined && { namespace }), creationTimestamp: null };
      return respond({ kind: kind.kind, apiVersion: apiVersionOf(kind), metadata, spec: review.spec, status }, 201, warnings);
    },
  };
}

/** With the namespace of the path, which it may also name itself. */
function inNamespace(object: KubeObject, namespace: string | undefined): KubeObject {
  if (namespace === undefined) return object;
  const own = object.metadata.namespace;
  if (own && own !== namespace) throw badRequest('the namespace of the provided object does not match the namespace sent on the request');
  return { ...object, metadata: { ...object.metadata, namespace } };
}

/** Throws 422. What it says of its answer is passed over. */
function soundReview(kind: Kind, { status: _, ...object }: KubeObject): KubeObject {
  const { apiVersion, kind: type, metadata, ...fields } = object;
  const { data, error } = kind.schema.safeParse({ spec: {}, ...fields }, { reportInput: true });
  if (data === undefined) throw invalid(kind, '', causesOf(error?.issues ?? [], schemaOf(kind), false));
  const review: KubeObject = { apiVersion, kind: type, metadata, ...data };
  const causes = kind.validate(review);
  if (causes.length > 0) throw invalid(kind, '', causes);
  return review;
}

function attributesOf({ resourceAttributes = {}, nonResourceAttributes }: SubjectAccessReview['spec'], user: User): Attributes {
  if (nonResourceAttributes !== undefined) return { user, verb: nonResourceAttributes.verb ?? '', path: nonResourceAttributes.path ?? '' };
  const { verb = '', group = '', resource = '', subresource, namespace, name } = resourceAttributes;
  return { user, verb, group, resource, ...(subresource && { subresource }), ...(namespace && { namespace }), ...(name && { name }) };
}
