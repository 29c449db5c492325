import type { KubeObject } from '../../../shared/kinds/object.ts';
import { clusterNamed, configMapNamed, deploymentNamed, machineNamed, paths } from '../harness.ts';

/** Valid bodies to begin with, and where they belong. */
export interface Seed {
  readonly collection: string;
  readonly object: KubeObject;
}

const rbac = '/apis/rbac.authorization.k8s.io/v1';
const rbacObject = (kind: string, fields: object): KubeObject => ({
  apiVersion: 'rbac.authorization.k8s.io/v1',
  kind,
  metadata: { name: 'f' },
  ...fields,
});
const roleRef = { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'view' };
const subjects = [{ kind: 'User', apiGroup: 'rbac.authorization.k8s.io', name: 'u' }];

/** With all that metadata can have. */
const dressed = (object: KubeObject): KubeObject => ({
  ...object,
  metadata: {
    ...object.metadata,
    labels: { ...object.metadata.labels, a: 'b' },
    annotations: { 'x.y/z': 'any text', 'kubectl.kubernetes.io/last-applied-configuration': '{"data":{"a":"1"}}' },
    finalizers: ['x.y/z'],
    ownerReferences: [{ apiVersion: 'v1', kind: 'ConfigMap', name: 'o', uid: 'u', controller: true, blockOwnerDeletion: false }],
  },
});

/** Stands in Secrets: no refusal may repeat it. */
export const marker = 'aHVudGVyMi1odW50ZXIyLWh1bnRlcjItaHVudGVyMi1odW50ZXIyLWh1bnRlcjI=';

const machineSet: KubeObject = { ...deploymentNamed('f', 1), kind: 'MachineSet' };

export const secret: KubeObject = {
  apiVersion: 'v1',
  kind: 'Secret',
  metadata: { name: 'f' },
  type: 'Opaque',
  data: { a: marker },
  stringData: { b: marker },
};

const machineClass: KubeObject = {
  apiVersion: 'cluster.k8s.io/v1alpha1',
  kind: 'MachineClass',
  metadata: { name: 'f' },
  capacity: { cpu: '2' },
  providerSpec: (machineNamed('f').spec as { providerSpec: { value: object } }).providerSpec.value,
};

export const seeds: readonly Seed[] = [
  { collection: paths.configMaps, object: dressed(configMapNamed('f', { a: '1', b: '2' })) },
  { collection: paths.configMaps, object: { ...configMapNamed('f'), binaryData: { x: 'AAEC' }, immutable: false } },
  { collection: paths.secrets, object: secret },
  { collection: paths.clusters, object: dressed(clusterNamed('f')) },
  { collection: paths.machines, object: dressed(machineNamed('f')) },
  {
    collection: paths.machines.replace('machines', 'machineclasses'),
    object: machineClass,
  },
  { collection: paths.deployments, object: deploymentNamed('f', 2) },
  { collection: paths.deployments.replace('machinedeployments', 'machinesets'), object: machineSet },
  { collection: paths.namespaces, object: { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'f' }, spec: { finalizers: [] } } },
  {
    collection: paths.events,
    object: {
      apiVersion: 'v1',
      kind: 'Event',
      metadata: { name: 'f' },
      involvedObject: { kind: 'Machine', namespace: 'default', name: 'm', uid: 'u', apiVersion: 'cluster.k8s.io/v1alpha1' },
      reason: 'Created',
      message: 'it is there',
      type: 'Normal',
      count: 1,
      firstTimestamp: '2026-11-22T13:00:00Z',
      lastTimestamp: null,
      eventTime: null,
      source: { component: 'c' },
      series: { count: 1 },
    },
  },
  {
    collection: `${rbac}/namespaces/default/roles`,
    object: rbacObject('Role', { rules: [{ verbs: ['get'], apiGroups: [''], resources: ['pods'], resourceNames: ['x'] }] }),
  },
  {
    collection: `${rbac}/clusterroles`,
    object: rbacObject('ClusterRole', {
      rules: [{ verbs: ['get'], nonResourceURLs: ['/x'] }],
      aggregationRule: { clusterRoleSelectors: [{ matchLabels: { a: 'b' } }] },
    }),
  },
  { collection: `${rbac}/namespaces/default/rolebindings`, object: rbacObject('RoleBinding', { roleRef, subjects }) },
  { collection: `${rbac}/clusterrolebindings`, object: rbacObject('ClusterRoleBinding', { roleRef, subjects }) },
  {
    collection: '/apis/iamauthenticator.k8s.aws/v1alpha1/iamidentitymappings',
    object: {
      apiVersion: 'iamauthenticator.k8s.aws/v1alpha1',
      kind: 'IAMIdentityMapping',
      metadata: { name: 'f' },
      spec: { arn: 'arn:aws:iam::123456789012:role/Admin', username: 'admin', groups: ['g'] },
    },
  },
];

const review = (group: string, kind: string, spec: object): Seed => ({
  collection: `/apis/${group}/v1/${kind.toLowerCase()}s`,
  object: { apiVersion: `${group}/v1`, kind, metadata: { name: '' }, spec },
});

/** Asked, and never stored. */
export const reviews: readonly Seed[] = [
  review('authentication.k8s.io', 'SelfSubjectReview', {}),
  review('authorization.k8s.io', 'SelfSubjectAccessReview', {
    resourceAttributes: { verb: 'get', resource: 'machines', namespace: 'default' },
  }),
  review('authorization.k8s.io', 'SelfSubjectRulesReview', { namespace: 'default' }),
  {
    collection: '/apis/authorization.k8s.io/v1/namespaces/default/localsubjectaccessreviews',
    object: review('authorization.k8s.io', 'LocalSubjectAccessReview', {
      user: 'u',
      resourceAttributes: { namespace: 'default', verb: 'get' },
    }).object,
  },
  review('authorization.k8s.io', 'SubjectAccessReview', { user: 'u', groups: ['g'], nonResourceAttributes: { path: '/x', verb: 'get' } }),
];

export const deleteOptions = {
  apiVersion: 'v1',
  kind: 'DeleteOptions',
  gracePeriodSeconds: 0,
  preconditions: { uid: 'u', resourceVersion: '1' },
  propagationPolicy: 'Background',
  dryRun: ['All'],
};
