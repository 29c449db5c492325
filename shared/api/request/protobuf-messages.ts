/**
 * The messages that typed clients send, by field number, as their .proto files in k8s.io/api number them. Fields that
 * are not here are skipped when read.
 */

type Scalar = 'string' | 'strings' | 'bool' | 'int' | 'bytes' | 'rawBytes' | 'json' | 'time' | 'microTime' | 'metadata';

/** Name in JSON, type, and: `list` repeated, `map` repeated {1: key, 2: value}, `always` kept although it is empty. */
export type Field = readonly [name: string, type: Scalar | Message, how?: 'list' | 'map' | 'always'];

export interface Message {
  readonly [number: number]: Field;
}

const mapOf = (value: 'string' | 'strings' | 'bytes'): Message => ({ 1: ['key', 'string'], 2: ['value', value, 'always'] });

const ownerReference: Message = {
  1: ['kind', 'string'],
  3: ['name', 'string'],
  4: ['uid', 'string'],
  5: ['apiVersion', 'string'],
  6: ['controller', 'bool', 'always'],
  7: ['blockOwnerDeletion', 'bool', 'always'],
};

const managedFields: Message = {
  1: ['manager', 'string'],
  2: ['operation', 'string'],
  3: ['apiVersion', 'string'],
  4: ['time', 'time'],
  6: ['fieldsType', 'string'],
  7: ['fieldsV1', { 1: ['raw', 'json'] }],
  8: ['subresource', 'string'],
};

export const metadataFields: Message = {
  1: ['name', 'string'],
  2: ['generateName', 'string'],
  3: ['namespace', 'string'],
  5: ['uid', 'string'],
  6: ['resourceVersion', 'string'],
  7: ['generation', 'int'],
  8: ['creationTimestamp', 'time'],
  9: ['deletionTimestamp', 'time'],
  10: ['deletionGracePeriodSeconds', 'int', 'always'],
  11: ['labels', mapOf('string'), 'map'],
  12: ['annotations', mapOf('string'), 'map'],
  13: ['ownerReferences', ownerReference, 'list'],
  14: ['finalizers', 'string', 'list'],
  17: ['managedFields', managedFields, 'list'],
};

const metadata: Field = ['metadata', 'metadata'];

const namespace: Message = {
  1: metadata,
  2: ['spec', { 1: ['finalizers', 'string', 'list'] }],
  3: ['status', { 1: ['phase', 'string'] }],
};

const configMap: Message = {
  1: metadata,
  2: ['data', mapOf('string'), 'map'],
  3: ['binaryData', mapOf('bytes'), 'map'],
  4: ['immutable', 'bool', 'always'],
};

const secret: Message = {
  1: metadata,
  2: ['data', mapOf('bytes'), 'map'],
  3: ['type', 'string'],
  4: ['stringData', mapOf('string'), 'map'],
  5: ['immutable', 'bool', 'always'],
};

const objectReference: Message = {
  1: ['kind', 'string'],
  2: ['namespace', 'string'],
  3: ['name', 'string'],
  4: ['uid', 'string'],
  5: ['apiVersion', 'string'],
  6: ['resourceVersion', 'string'],
  7: ['fieldPath', 'string'],
};

const event: Message = {
  1: metadata,
  2: ['involvedObject', objectReference],
  3: ['reason', 'string'],
  4: ['message', 'string'],
  5: ['source', { 1: ['component', 'string'], 2: ['host', 'string'] }],
  6: ['firstTimestamp', 'time'],
  7: ['lastTimestamp', 'time'],
  8: ['count', 'int'],
  9: ['type', 'string'],
  10: ['eventTime', 'microTime'],
  11: ['series', { 1: ['count', 'int'], 2: ['lastObservedTime', 'microTime'] }],
  12: ['action', 'string'],
  13: ['related', objectReference],
  14: ['reportingComponent', 'string'],
  15: ['reportingInstance', 'string'],
};

const newEvent: Message = {
  1: metadata,
  2: ['eventTime', 'microTime'],
  3: ['series', { 1: ['count', 'int'], 2: ['lastObservedTime', 'microTime'] }],
  4: ['reportingController', 'string'],
  5: ['reportingInstance', 'string'],
  6: ['action', 'string'],
  7: ['reason', 'string'],
  8: ['regarding', objectReference],
  9: ['related', objectReference],
  10: ['note', 'string'],
  11: ['type', 'string'],
  12: ['deprecatedSource', { 1: ['component', 'string'], 2: ['host', 'string'] }],
  13: ['deprecatedFirstTimestamp', 'time'],
  14: ['deprecatedLastTimestamp', 'time'],
  15: ['deprecatedCount', 'int'],
};

const deleteOptions: Message = {
  1: ['gracePeriodSeconds', 'int', 'always'],
  2: ['preconditions', { 1: ['uid', 'string'], 2: ['resourceVersion', 'string'] }],
  3: ['orphanDependents', 'bool', 'always'],
  4: ['propagationPolicy', 'string'],
  5: ['dryRun', 'string', 'list'],
};

const requirement: Message = { 1: ['key', 'string'], 2: ['operator', 'string'], 3: ['values', 'string', 'list'] };

const selectorAttributes: Message = { 1: ['rawSelector', 'string'], 2: ['requirements', requirement, 'list'] };

const resourceAttributes: Message = {
  1: ['namespace', 'string'],
  2: ['verb', 'string'],
  3: ['group', 'string'],
  4: ['version', 'string'],
  5: ['resource', 'string'],
  6: ['subresource', 'string'],
  7: ['name', 'string'],
  8: ['fieldSelector', selectorAttributes],
  9: ['labelSelector', selectorAttributes],
};

const accessReviewSpec: Message = {
  1: ['resourceAttributes', resourceAttributes],
  2: ['nonResourceAttributes', { 1: ['path', 'string'], 2: ['verb', 'string'] }],
};

const otherAccessReview: Message = {
  1: metadata,
  2: [
    'spec',
    {
      ...accessReviewSpec,
      3: ['user', 'string'],
      4: ['groups', 'string', 'list'],
      5: ['extra', mapOf('strings'), 'map'],
      6: ['uid', 'string'],
    },
  ],
};

const policyRule: Message = {
  1: ['verbs', 'string', 'list'],
  2: ['apiGroups', 'string', 'list'],
  3: ['resources', 'string', 'list'],
  4: ['resourceNames', 'string', 'list'],
  5: ['nonResourceURLs', 'string', 'list'],
};

const labelSelector: Message = {
  1: ['matchLabels', mapOf('string'), 'map'],
  2: ['matchExpressions', requirement, 'list'],
};

const role: Message = {
  1: metadata,
  2: ['rules', policyRule, 'list'],
  3: ['aggregationRule', { 1: ['clusterRoleSelectors', labelSelector, 'list'] }],
};

const roleBinding: Message = {
  1: metadata,
  2: ['subjects', { 1: ['kind', 'string'], 2: ['apiGroup', 'string'], 3: ['name', 'string'], 4: ['namespace', 'string'] }, 'list'],
  3: ['roleRef', { 1: ['apiGroup', 'string'], 2: ['kind', 'string'], 3: ['name', 'string'] }],
};

const scale: Message = {
  1: metadata,
  2: ['spec', { 1: ['replicas', 'int', 'always'] }],
  3: ['status', { 1: ['replicas', 'int', 'always'], 2: ['selector', 'string'] }],
};

const messages: Readonly<Record<string, Message>> = {
  'v1/Namespace': namespace,
  'v1/ConfigMap': configMap,
  'v1/Secret': secret,
  'v1/Event': event,
  'events.k8s.io/v1/Event': newEvent,
  'autoscaling/v1/Scale': scale,
  'rbac.authorization.k8s.io/v1/Role': role,
  'rbac.authorization.k8s.io/v1/ClusterRole': role,
  'rbac.authorization.k8s.io/v1/RoleBinding': roleBinding,
  'rbac.authorization.k8s.io/v1/ClusterRoleBinding': roleBinding,
  'authorization.k8s.io/v1/SelfSubjectAccessReview': { 1: metadata, 2: ['spec', accessReviewSpec] },
  'authorization.k8s.io/v1/SelfSubjectRulesReview': { 1: metadata, 2: ['spec', { 1: ['namespace', 'string'] }] },
  'authorization.k8s.io/v1/SubjectAccessReview': otherAccessReview,
  'authorization.k8s.io/v1/LocalSubjectAccessReview': otherAccessReview,
  'authentication.k8s.io/v1/SelfSubjectReview': { 1: metadata },
};

/** Undefined: nobody sends this kind in protobuf. DeleteOptions come under whatever group the deleted kind has. */
export const messageOf = (apiVersion: string, kind: string): Message | undefined =>
  kind === 'DeleteOptions'
    ? deleteOptions
    : Object.hasOwn(messages, `${apiVersion}/${kind}`)
      ? messages[`${apiVersion}/${kind}`]
      : undefined;
