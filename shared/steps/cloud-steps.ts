import { emptyCloud } from './cluster/empty-cloud.ts';
import { observeInstances } from './cluster/observe-instances.ts';
import { attachAddress } from './machine/attach-address.ts';
import { deleteInstance } from './machine/delete-instance.ts';
import { ensureInstance } from './machine/ensure-instance.ts';

/** The steps that touch a cloud, the same for all clouds, by the names of the states that call them. */
export const cloudSteps = {
  EnsureInstance: ensureInstance,
  AttachAddress: attachAddress,
  DeleteInstance: deleteInstance,
  EmptyCloud: emptyCloud,
  // called by the sweep
  ObserveInstances: observeInstances,
};
