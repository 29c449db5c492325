import * as z from 'zod';
import { defineKind, type ObjectOfKind } from '../define-kind.ts';

/** What Kubernetes says of a custom resource. Read here by tools that ask whether there is one; it follows from the kinds, and nobody writes it. */

const names = z
  .object({
    plural: z.string().describe('The resource in paths, such as machines.'),
    singular: z.string().optional().describe('The resource as kubectl also takes it, such as machine.'),
    kind: z.string().describe('The kind of the objects, such as Machine.'),
    listKind: z.string().optional().describe('The kind of their lists, such as MachineList.'),
    shortNames: z.array(z.string()).optional().describe('Shorter names that kubectl takes, such as ma.'),
    categories: z.array(z.string()).optional().describe('Groups of resources that kubectl get lists together, such as cluster-api.'),
  })
  .describe('What the resource is called.');

const column = z
  .object({
    name: z.string().describe('The head of the column.'),
    type: z.string().describe('What the cells are: string, integer, number, boolean or date.'),
    format: z.string().optional().describe('The OpenAPI format of the cells.'),
    description: z.string().optional().describe('What the column shows.'),
    priority: z.int32().optional().describe('0: always shown. Greater: only with -o wide.'),
    jsonPath: z.string().describe('Where the cell is found in the object, such as .status.phase.'),
  })
  .describe('One column.');

const scale = z
  .object({
    specReplicasPath: z.string().describe('Where the wanted number is, such as .spec.replicas.'),
    statusReplicasPath: z.string().describe('Where the number that there is stands, such as .status.replicas.'),
    labelSelectorPath: z.string().optional().describe('Where the selector stands as text, such as .status.labelSelector.'),
  })
  .describe('The scale subresource, which kubectl scale writes.');

const version = z
  .object({
    name: z.string().describe('The version, such as v1alpha1.'),
    served: z.boolean().describe('Whether it can be read and written.'),
    storage: z.boolean().describe('Whether objects are stored in it. One version is.'),
    deprecated: z.boolean().optional().describe('Whether requests for it are warned of.'),
    schema: z
      .object({
        openAPIV3Schema: z.record(z.string(), z.unknown()).optional().describe('The structure of the objects, as OpenAPI v3.'),
      })
      .optional()
      .describe('What the objects look like.'),
    subresources: z
      .object({
        status: z.record(z.string(), z.unknown()).optional().describe('Present when the status is written apart from the rest.'),
        scale: scale.optional(),
      })
      .optional()
      .describe('Parts of the objects that are read and written by themselves.'),
    additionalPrinterColumns: z.array(column).optional().describe('What kubectl get shows beside the name.'),
  })
  .describe('One version.');

const condition = z
  .object({
    type: z.string().describe('What it is about: NamesAccepted, Established.'),
    status: z.enum(['True', 'False', 'Unknown']).describe('Whether it holds.'),
    reason: z.string().optional().describe('Why, in one word.'),
    message: z.string().optional().describe('Why, in a sentence.'),
    lastTransitionTime: z.string().optional().describe('When status last changed.'),
  })
  .describe('One thing that holds or does not.');

export const customResourceDefinition = defineKind({
  group: 'apiextensions.k8s.io',
  version: 'v1',
  kind: 'CustomResourceDefinition',
  plural: 'customresourcedefinitions',
  shortNames: ['crd', 'crds'],
  categories: ['api-extensions'],
  scope: 'Cluster',
  names: 'PathSegment',
  verbs: ['get', 'list', 'watch'],
  description:
    'A resource that is not part of Kubernetes itself. These follow from the kinds that the plane serves: they are read, and never written.',
  schema: z.object({
    spec: z
      .object({
        group: z.string().describe('The API group of the resource.'),
        names,
        scope: z.enum(['Namespaced', 'Cluster']).describe('Whether objects are in a namespace.'),
        versions: z.array(version).describe('The versions of the resource.'),
        conversion: z
          .object({ strategy: z.string().describe('None: only apiVersion differs between versions.') })
          .optional()
          .describe('How objects are converted between versions.'),
      })
      .describe('What the resource is.'),
    status: z
      .object({
        acceptedNames: names.optional().describe('The names under which it is served.'),
        conditions: z
          .array(condition)
          .optional()
          .meta({ 'x-kubernetes-list-type': 'map', 'x-kubernetes-list-map-keys': ['type'] })
          .describe('Whether it is served.'),
        storedVersions: z.array(z.string()).optional().describe('The versions in which objects may be stored.'),
      })
      .optional()
      .describe('Whether it is served.'),
  }),
  columns: [
    {
      name: 'Created At',
      type: 'string',
      description: 'When the resource came into being',
      jsonPath: '.metadata.creationTimestamp',
      value: (crd) => crd.metadata.creationTimestamp,
    },
  ],
});
export type CustomResourceDefinition = ObjectOfKind<typeof customResourceDefinition>;
