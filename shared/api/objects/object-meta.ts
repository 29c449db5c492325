import * as z from 'zod';
import { labels } from '../../kinds/fields.ts';
import type { KubeObject } from '../../kinds/object.ts';

/** The metadata that every object has: its shape. What its texts may be is in `metadata.ts`. */

const ownerReference = z
  .object({
    apiVersion: z.string().describe('API version of the owner.'),
    kind: z.string().describe('Kind of the owner.'),
    name: z.string().describe('Name of the owner.'),
    uid: z.string().describe('Uid of the owner.'),
    controller: z.boolean().nullish().describe('Whether the owner manages this object.'),
    blockOwnerDeletion: z.boolean().nullish().describe('Whether a foreground deletion of the owner waits for this object.'),
  })
  .meta({
    id: 'io.k8s.apimachinery.pkg.apis.meta.v1.OwnerReference',
    description: 'An object that this one depends on: in the same namespace, or in none.',
    'x-kubernetes-map-type': 'atomic',
  });

const time = z.string().nullish();

/** Nothing in it is checked here: what is no entry is passed over, as upstream. */
const managedFieldsEntry = z
  .object({
    manager: z.unknown().meta({ type: 'string' }).optional().describe('Who wrote: the name that a client gave itself.'),
    operation: z.unknown().meta({ type: 'string' }).optional().describe('Apply for server-side apply, Update for every other write.'),
    apiVersion: z.unknown().meta({ type: 'string' }).optional().describe('The version whose fields fieldsV1 names.'),
    time: z.unknown().meta({ type: 'string' }).optional().describe('When the entry last gained fields, or was last applied.'),
    fieldsType: z.unknown().meta({ type: 'string' }).optional().describe('How the fields are written: FieldsV1.'),
    fieldsV1: z.unknown().optional().describe('The fields that are theirs, as a tree.'),
    subresource: z.unknown().meta({ type: 'string' }).optional().describe('The subresource through which they wrote, if any.'),
  })
  .meta({ id: 'io.k8s.apimachinery.pkg.apis.meta.v1.ManagedFieldsEntry', description: 'One writer, and the fields that are theirs.' });

export const objectMeta = z
  .object({
    name: z.string().optional().describe('Name of the object, unique in its namespace. Cannot be changed.'),
    generateName: z.string().optional().describe('Beginning of a name that the server completes, when name is absent.'),
    namespace: z.string().optional().describe('Namespace of the object. Cannot be changed.'),
    selfLink: z.string().optional().describe('Not used.'),
    uid: z.string().optional().describe('Tells the object from others that had or will have its name. Written by the server.'),
    resourceVersion: z.string().optional().describe('Version of the object. A write that names another than the stored one is refused.'),
    generation: z.int().optional().describe('Counts the changes of the desired state. Written by the server.'),
    creationTimestamp: time.describe('When the object was created. Written by the server.'),
    deletionTimestamp: time.describe('When the object was asked to go. Written by the server.'),
    deletionGracePeriodSeconds: z.int().nullish().describe('Always 0. Written by the server.'),
    labels: labels.optional().describe('Keys and values by which objects are selected.'),
    annotations: labels.optional().describe('Keys and values for tools.'),
    ownerReferences: z
      .array(ownerReference)
      .optional()
      .meta({
        'x-kubernetes-list-type': 'map',
        'x-kubernetes-list-map-keys': ['uid'],
        'x-kubernetes-patch-strategy': 'merge',
        'x-kubernetes-patch-merge-key': 'uid',
      })
      .describe('The objects that this one depends on. It goes when all of them are gone.'),
    finalizers: z
      .array(z.string())
      .optional()
      .meta({ 'x-kubernetes-list-type': 'set', 'x-kubernetes-patch-strategy': 'merge' })
      .describe('What has to be done before the object goes.'),
    managedFields: z.array(managedFieldsEntry).optional().describe('Who wrote which field. Written by the server.'),
  })
  .describe('Metadata that every object has.');

/** The name of an object of which nothing has been checked so far. */
export const givenName = ({ metadata }: KubeObject): string => (typeof metadata.name === 'string' ? metadata.name : '');
