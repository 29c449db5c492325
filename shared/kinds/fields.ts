import * as z from 'zod';

/** Schemas that several kinds share. Every field has a description: `kubectl explain` reads it out. */

export const labels = z.record(z.string(), z.string());

export const labelSelector = z
  .object({
    matchLabels: labels.optional().describe('Labels that must all be there, with these values.'),
    matchExpressions: z
      .array(
        z
          .object({
            key: z.string().describe('The label.'),
            operator: z
              .enum(['In', 'NotIn', 'Exists', 'DoesNotExist'])
              .describe('How its value relates to values. NotIn and DoesNotExist also select objects without the label.'),
            values: z.array(z.string()).optional().describe('One or more values for In and NotIn; none for Exists and DoesNotExist.'),
          })
          .describe('One requirement.'),
      )
      .optional()
      .describe('Requirements that must all hold.'),
  })
  .meta({ 'x-kubernetes-map-type': 'atomic' })
  .describe('Selects objects by their labels: those that satisfy all of it.');
export type LabelSelector = z.output<typeof labelSelector>;

export const templateMetadata = z
  .object({
    name: z.string().optional().describe('Ignored: names are generated.'),
    generateName: z.string().optional().describe('Ignored: names are generated.'),
    namespace: z.string().optional().describe('Ignored: children live beside their owner.'),
    creationTimestamp: z.null().optional().describe('Ignored; written by tools that serialise empty metadata.'),
    labels: labels.optional().describe('Labels of what is made.'),
    annotations: labels.optional().describe('Annotations of what is made.'),
  })
  .describe('Metadata of what is made from the template.');

/** 1, or "25%". */
export const intOrPercent = z
  .union([z.int().min(0), z.string().regex(/^(100|[1-9]?[0-9])%$|^[1-9][0-9]{2,}%$/, 'write a number, or a percentage such as "25%"')])
  .meta({ id: 'io.k8s.apimachinery.pkg.util.intstr.IntOrString', description: 'A whole number, or a percentage such as "25%".' });

/** 4, "500m", or "16Gi". */
const quantity = z
  .union([
    z.int().min(0),
    z.string().regex(/^(\d+(\.\d*)?|\.\d+)([KMGTPE]i|[numkMGTPE]|[eE][+-]?\d+)?$/, 'write a quantity such as 4, "500m" or "16Gi"'),
  ])
  .meta({ id: 'io.k8s.apimachinery.pkg.api.resource.Quantity', description: 'A number, or one with a unit such as "500m" or "16Gi".' });

/** Amounts by resource, such as cpu and memory. */
export const resourceList = z.record(z.string(), quantity);

export const taint = z
  .object({
    key: z.string().describe('The key, such as dedicated. Pods tolerate taints by key, and by value if they name one.'),
    value: z.string().optional().describe('The value, such as gpu.'),
    effect: z
      .enum(['NoSchedule', 'PreferNoSchedule', 'NoExecute'])
      .describe(
        'What becomes of Pods that do not tolerate it: NoSchedule keeps new ones away, PreferNoSchedule tries to, NoExecute also evicts those that run.',
      ),
    timeAdded: z.string().nullish().describe('When a NoExecute taint was added.'),
  })
  .describe('Keeps Pods off the Node that do not tolerate it.');

/** Taints as several managers of an object can have theirs: told apart as Kubernetes tells them apart. */
export const taints = z
  .array(taint)
  .meta({ 'x-kubernetes-list-type': 'map', 'x-kubernetes-list-map-keys': ['key', 'effect'] })
  .describe('Taints that the Node gets when it joins, in addition to those it has. They are not taken away again.');

export const objectReference = z
  .object({
    apiVersion: z.string().optional().describe('API version of the object.'),
    kind: z.string().optional().describe('Kind of the object.'),
    namespace: z.string().optional().describe('Namespace of the object.'),
    name: z.string().optional().describe('Name of the object.'),
    uid: z.string().optional().describe('Uid of the object: tells it from others of its name.'),
    resourceVersion: z.string().optional().describe('The version of the object that is meant.'),
    fieldPath: z.string().optional().describe('The part of the object that is meant, as a path in it; absent: all of it.'),
  })
  .meta({ 'x-kubernetes-map-type': 'atomic' })
  .describe('Refers to an object.');

export const condition = z
  .object({
    type: z.string().describe('What it is about, such as Ready.'),
    status: z.enum(['True', 'False', 'Unknown']).describe('Whether it holds.'),
    reason: z.string().optional().describe('Why, in one word that a program can look for.'),
    message: z.string().optional().describe('Why, in a sentence for people. Empty when there is nothing to add.'),
    lastTransitionTime: z.string().optional().describe('When its status last changed from one value to another.'),
    lastHeartbeatTime: z.string().nullish().describe('Kept for v1alpha1; not written.'),
  })
  .describe('One thing that holds or does not.');

export const conditions = z
  .array(condition)
  .meta({ 'x-kubernetes-list-type': 'map', 'x-kubernetes-list-map-keys': ['type'] })
  .describe('What holds and what does not, and why. kubectl wait --for=condition=TYPE waits for one.');

/** Label and annotation keys of Cluster API v1alpha1, and ours. */
export const keys = {
  clusterName: 'cluster.k8s.io/cluster-name',
  set: 'set',
  deleteMachine: 'cluster.k8s.io/delete-machine',
  paused: 'cluster.k8s.io/paused',
  /** On ConfigMaps that hold keys: reading them needs the right to read Secrets. */
  sensitive: 'plastron.dev/sensitive',
  /** On objects that have executions: where people read what the last one did. */
  execution: 'plastron.dev/execution',
  /** On the Namespace `default` while an import runs: what owns what is not all there yet. */
  importing: 'plastron.dev/importing',
  machineFinalizer: 'machine.cluster.k8s.io',
  machineSetFinalizer: 'machineset.cluster.k8s.io',
  machineDeploymentFinalizer: 'machinedeployment.cluster.k8s.io',
  clusterFinalizer: 'cluster.cluster.k8s.io',
} as const;

/** The cluster-name label as JSONPath finds it below labels. */
export const clusterNamePath = `.${keys.clusterName.replaceAll('.', '\\.')}`;

/** Where the credentials and the talosconfig of the seed live. */
export const systemNamespace = 'cluster-api-provider-talos-system';
