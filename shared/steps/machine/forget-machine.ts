import { secret } from '../../kinds/core/secret.ts';
import { keys } from '../../kinds/fields.ts';
import { machine as machineKind } from '../../kinds/machine/kind.ts';
import { beginDeletion, storeOrRemove } from '../../reconcile/deletion.ts';
import { type StepPorts, settled } from '../step.ts';
import { tearingDown } from './of-machine.ts';
import { bootstrapSecret } from './render-bootstrap.ts';

/** The last step: nothing is left in the world, so the bootstrap data and the Machine itself may go. */
export const forgetMachine = tearingDown<StepPorts>(async ({ object, machine }, _input, ports) => {
  const data = await ports.store.get(secret, { namespace: machine.namespace, name: bootstrapSecret(machine.name) });
  if (data?.metadata.ownerReferences?.some(({ uid }) => uid === machine.uid))
    await beginDeletion(ports.store, secret, data, ports.clock.now());
  const finalizers = machine.finalizers.filter((finalizer) => finalizer !== keys.machineFinalizer);
  await storeOrRemove(ports.store, machineKind, { ...object, metadata: { ...object.metadata, finalizers } }, ports.clock.now());
  return settled(finalizers.length === 0 ? 'the Machine is gone' : `the Machine waits for ${finalizers.join(', ')}`);
});
