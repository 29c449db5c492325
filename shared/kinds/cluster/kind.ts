import * as z from 'zod';
import type { Cause } from '../../errors.ts';
import { age } from '../age.ts';
import { defineKind, type ObjectOfKind } from '../define-kind.ts';
import { conditions, keys, objectReference } from '../fields.ts';

const cidrBlocks = z.object({
  cidrBlocks: z
    .array(z.union([z.cidrv4(), z.cidrv6()], 'write a CIDR such as 10.96.0.0/12'))
    .min(1)
    .describe('Blocks of addresses, such as 10.96.0.0/12.'),
});

export const clusterProviderSpec = z.object({
  apiVersion: z.enum(['talosproviderconfig/v1alpha1', 'talos.cluster.k8s.io/v1alpha1']).describe('The version of this value.'),
  kind: z.literal('TalosClusterProviderSpec').describe('The kind of this value.'),
  masters: z
    .object({
      ips: z
        .array(z.union([z.ipv4(), z.ipv6()], 'write an address that you reserved, such as 203.0.113.10'))
        .min(1, 'write at least one address that you reserved for a master')
        .describe("The masters' reserved addresses; a master's index (the number at the end of its name) picks its address."),
      endpoint: z.string().optional().describe('A name or address under which the Kubernetes API is reached; the first of ips if absent.'),
    })
    .describe('The control plane.'),
  workers: z
    .array(z.object({ name: z.string().describe('Not used.') }).describe('Not used.'))
    .optional()
    .describe('Kept for manifests of the seed system; not used.'),
  status: z.unknown().optional().describe('Empty; kept for manifests of the seed system.'),
});

const clusterStatus = z.object({
  phase: z.string().optional().describe('Pending, Provisioning, Provisioned, Deleting or Failed: conditions say more.'),
  apiEndpoints: z
    .array(z.object({ host: z.string().describe('Name or address.'), port: z.int().describe('Port.') }).describe('One place.'))
    .optional()
    .describe('Where the Kubernetes API of the cluster is reached.'),
  errorReason: z.string().optional().describe('What is wrong, in one word; absent when nothing is.'),
  errorMessage: z.string().optional().describe('What is wrong and what to do.'),
  conditions: conditions.optional(),
  providerStatus: z.record(z.string(), z.unknown()).optional().describe('What the provisioners remember. No secrets.'),
  /** Once set, never cleared: etcd is bootstrapped once in a cluster's life. */
  bootstrap: z
    .object({
      machine: z.string().describe('Uid of the master chosen to bootstrap etcd.'),
      doneAt: z.string().optional().describe('When etcd was bootstrapped.'),
    })
    .optional()
    .describe('The one bootstrap of etcd.'),
  publishedGeneration: z.int().optional().describe('The generation for which secrets and client configs were published.'),
  expiresAt: z.string().optional().describe('When the published client certificates end; they are renewed before.'),
  secretsReady: z.boolean().optional().describe('The secrets bundle and the client configs exist.'),
  machines: z.int().optional().describe('How many Machines the cluster has.'),
  readyMachines: z.int().optional().describe('How many of them have a Node that is ready.'),
  observedGeneration: z.int().optional().describe('The generation that status speaks of.'),
  execution: z.string().optional().describe('Name of the last execution that was started for this cluster.'),
  attempt: z.int().optional().describe('How many executions of that sort were started, each after the failure of the one before.'),
  waitingFor: z
    .object({
      reason: z.string().describe('Why, in one word.'),
      message: z.string().describe('Why, in a sentence.'),
      until: z.string().optional().describe('When the next attempt starts.'),
    })
    .optional()
    .describe('Why no execution runs, and until when.'),
  turn: z.int().optional().describe('Counts the plans that were carried out. For Plastron itself.'),
});

export const cluster = defineKind({
  group: 'cluster.k8s.io',
  version: 'v1alpha1',
  kind: 'Cluster',
  plural: 'clusters',
  shortNames: ['cl'],
  categories: ['cluster-api'],
  description:
    'A Kubernetes cluster whose machines are in one cloud or several. Its Machines carry the label cluster.k8s.io/cluster-name with its name; deleting it deletes them.',
  schema: z.object({
    spec: z
      .object({
        clusterNetwork: z
          .object({
            pods: cidrBlocks.describe('Addresses that Pods get.'),
            services: cidrBlocks.describe('Addresses that Services get.'),
            serviceDomain: z.string().min(1).describe('DNS domain of Services, such as cluster.local.'),
          })
          .describe('The network inside the cluster.'),
        providerSpec: z
          .object({
            value: clusterProviderSpec.optional().describe('The provider spec, in place.'),
            valueFrom: z
              .object({ machineClass: objectReference.optional().describe('Not used.') })
              .optional()
              .describe('Kept for v1alpha1; not used.'),
          })
          .describe('How Talos and the clouds make the cluster.'),
        paused: z.boolean().optional().describe('While true, nothing is done for the cluster or its machines.'),
      })
      .describe('What the cluster should be.'),
    status: clusterStatus.optional().describe('What the cluster is.'),
  }),
  subresources: { status: true, scale: false },
  columns: [
    { name: 'Phase', type: 'string', description: 'How far it is', jsonPath: '.status.phase', value: (c) => c.status?.phase },
    {
      name: 'Endpoint',
      type: 'string',
      description: 'Where its Kubernetes API is',
      value: (c) => c.status?.apiEndpoints?.map((e) => `${e.host}:${e.port}`).join(','),
    },
    { name: 'Machines', type: 'integer', description: 'Its machines', jsonPath: '.status.machines', value: (c) => c.status?.machines },
    {
      name: 'Ready',
      type: 'integer',
      description: 'Machines whose Node is ready',
      jsonPath: '.status.readyMachines',
      value: (c) => c.status?.readyMachines,
    },
    age,
  ],
  reconciled: true,
  finalizer: keys.clusterFinalizer,
  // What waits for its secrets, or for it to be unpaused.
  wakes: (c) =>
    ['Machine', 'MachineSet', 'MachineDeployment'].map((kind) => ({
      kind,
      namespace: c.metadata.namespace ?? '',
      cluster: c.metadata.name,
    })),
  validate: (c): Cause[] => {
    const causes: Cause[] = [];
    const { value } = c.spec.providerSpec;
    if (value === undefined)
      causes.push({ field: 'spec.providerSpec.value', reason: 'FieldValueRequired', message: 'write a TalosClusterProviderSpec' });
    const seen = new Set<string>();
    for (const [i, ip] of (value?.masters.ips ?? []).entries()) {
      if (seen.has(ip))
        causes.push({
          field: `spec.providerSpec.value.masters.ips[${i}]`,
          reason: 'FieldValueDuplicate',
          message: `${ip} is there already: each master needs an address of its own`,
        });
      seen.add(ip);
    }
    return causes;
  },
});
export type ClusterObject = ObjectOfKind<typeof cluster>;
