import * as z from 'zod';
import type { Cause } from '../../errors.ts';
import { age } from '../age.ts';
import { defineKind, type ObjectOfKind } from '../define-kind.ts';
import { clusterNamePath, conditions, keys, objectReference, taints, templateMetadata } from '../fields.ts';
import { machineProviderSpec, providerSpec, providerSpecCauses, providerSpecOf, providerSpecPath } from './provider-spec.ts';

const seconds = z.int().min(0);

export const machineSpec = z.object({
  metadata: templateMetadata.optional().describe('Labels and annotations that the Node gets when it joins.'),
  taints: taints.optional(),
  providerSpec: providerSpec,
  versions: z
    .object({
      kubelet: z.string().optional().describe('Kubernetes version of the kubelet, such as v1.35.2.'),
      controlPlane: z.string().optional().describe('Kubernetes version of the control plane; set only on masters.'),
    })
    .optional()
    .describe('Versions of Kubernetes that the machine runs.'),
  configSource: z.unknown().optional().describe('Kept for v1alpha1; not used.'),
  providerID: z
    .string()
    .optional()
    .describe("The cloud's id of the instance, such as gce://project/zone/name. Written by Plastron when it makes the instance."),
  failureDomain: z.string().optional().describe('Kept with the machine; the zone or region comes from the platform config.'),
  deletion: z
    .object({
      nodeDrainTimeoutSeconds: seconds
        .optional()
        .describe('Seconds that evicting its Pods may take before the machine is deleted all the same. 0 or absent: for ever.'),
      nodeVolumeDetachTimeoutSeconds: seconds.optional().describe('Seconds to wait until its volumes are detached. 0 or absent: for ever.'),
      nodeDeletionTimeoutSeconds: seconds.optional().describe('Seconds for which deleting its Node is tried. 10 if absent; 0: for ever.'),
    })
    .optional()
    .describe(
      'How patient a deletion is: first the Node is drained, then its volumes are detached, then the instance and the Node are deleted.',
    ),
});

const machineStatus = z.object({
  phase: z.string().optional().describe('Pending, Provisioning, Provisioned, Running, Deleting or Failed: conditions say more.'),
  nodeRef: objectReference.optional().describe('The Node of this machine in its cluster.'),
  addresses: z
    .array(
      z
        .object({
          type: z.string().describe('InternalIP, ExternalIP, Hostname, InternalDNS or ExternalDNS.'),
          address: z.string().describe('The address, or the name.'),
        })
        .describe('One way to reach it.'),
    )
    .optional()
    .describe('Addresses and names under which the machine is reached.'),
  conditions: conditions.optional(),
  versions: z
    .object({
      kubelet: z.string().optional().describe('Version of the kubelet that runs, as its Node says.'),
      controlPlane: z.string().optional().describe('Kept for v1alpha1; not written.'),
    })
    .optional()
    .describe('Versions of Kubernetes that run.'),
  errorReason: z.string().optional().describe('Set when the machine will not come by itself: what is wrong, in one word.'),
  errorMessage: z.string().optional().describe('Set with errorReason: what is wrong and what to do.'),
  providerStatus: z
    .record(z.string(), z.unknown())
    .optional()
    .describe('What the provisioner remembers: attempt, token, operation. No secrets.'),
  lastOperation: z
    .object({
      description: z.string().describe('What was done, in a sentence.'),
      lastUpdated: z.string().describe('When.'),
      state: z.string().describe('How far it is: Processing.'),
      type: z.string().describe('What is done to the machine: Create.'),
    })
    .partial()
    .optional()
    .describe('The last thing done to the machine.'),
  lastUpdated: z.string().optional().describe('When status last changed.'),
  observedGeneration: z.int().optional().describe('The generation that status speaks of.'),
  execution: z.string().optional().describe('Name of the last execution that was started for this machine.'),
  providerSpec: machineProviderSpec
    .optional()
    .describe(
      'The provider spec of its MachineClass as it was when the machine was made; that the class changes or goes does not change it.',
    ),
  madeFrom: z.string().optional().describe('A hash of the part of spec that its instance was made from.'),
  attempt: z.int().optional().describe('How many executions of that sort were started, each after the failure of the one before.'),
  waitingFor: z
    .object({
      reason: z.string().describe('Why, in one word.'),
      message: z.string().describe('Why, in a sentence.'),
      until: z.string().optional().describe('When the next attempt starts.'),
      secret: z.string().optional().describe('The credentials Secret that must be mended first.'),
      secretVersion: z.string().optional().describe('The version of that Secret that did not do.'),
    })
    .optional()
    .describe('Why no execution runs, and until when.'),
  turn: z.int().optional().describe('Counts the plans that were carried out. For Plastron itself.'),
});

export const machine = defineKind({
  group: 'cluster.k8s.io',
  version: 'v1alpha1',
  kind: 'Machine',
  plural: 'machines',
  shortNames: ['ma'],
  categories: ['cluster-api'],
  description:
    'A machine in a cloud that is a node of a Cluster: the one that its label cluster.k8s.io/cluster-name names. A machine is made once; to replace it, delete it, and its MachineSet makes another.',
  schema: z.object({
    spec: machineSpec.describe('What the machine should be.'),
    status: machineStatus.optional().describe('What the machine is.'),
  }),
  subresources: { status: true, scale: false },
  columns: [
    {
      name: 'Cluster',
      type: 'string',
      description: 'The cluster it belongs to',
      jsonPath: `.metadata.labels${clusterNamePath}`,
      value: (m) => m.metadata.labels?.[keys.clusterName],
    },
    { name: 'Phase', type: 'string', description: 'How far it is', jsonPath: '.status.phase', value: (m) => m.status?.phase },
    {
      name: 'Ready',
      type: 'string',
      description: 'Whether its Node is ready',
      jsonPath: '.status.conditions[?(@.type=="Ready")].status',
      value: (m) => m.status?.conditions?.find((c) => c.type === 'Ready')?.status,
    },
    { name: 'NodeName', type: 'string', description: 'Its Node', jsonPath: '.status.nodeRef.name', value: (m) => m.status?.nodeRef?.name },
    {
      name: 'ProviderID',
      type: 'string',
      description: 'Its id in the cloud',
      priority: 1,
      jsonPath: '.spec.providerID',
      value: (m) => m.spec.providerID,
    },
    {
      name: 'Address',
      type: 'string',
      description: 'Its external address',
      priority: 1,
      jsonPath: '.status.addresses[?(@.type=="ExternalIP")].address',
      value: (m) => m.status?.addresses?.find((a) => a.type === 'ExternalIP')?.address,
    },
    age,
  ],
  reconciled: true,
  finalizer: keys.machineFinalizer,
  validate: (m): Cause[] => [
    ...(m.metadata.labels?.[keys.clusterName] === undefined
      ? [
          {
            field: `metadata.labels[${keys.clusterName}]`,
            reason: 'FieldValueRequired' as const,
            message: 'write the name of the Cluster that the machine belongs to',
          },
        ]
      : []),
    ...providerSpecCauses(m.spec.providerSpec, 'spec.providerSpec', m.metadata.namespace),
  ],
  validateChange: (before, after): Cause[] => {
    if (before.status?.execution === undefined || providerSpecOf(before) === undefined || providerSpecOf(after) !== undefined) return [];
    const message = 'its instance was made from it, and is found by it: make another Machine, and delete this one';
    return [{ field: providerSpecPath(before), reason: 'FieldValueForbidden', message }];
  },
});
export type MachineObject = ObjectOfKind<typeof machine>;
