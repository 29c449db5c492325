import type { BootstrapMachine } from '../../bootstrap/bootstrap.ts';
import { AlreadyExists, Invalid } from '../../errors.ts';
import { type Cluster, endpointOf } from '../../kinds/cluster/model.ts';
import { type SecretObject, secret } from '../../kinds/core/secret.ts';
import { keys } from '../../kinds/fields.ts';
import type { MachineObject } from '../../kinds/machine/kind.ts';
import type { MachineSelf } from '../../kinds/machine/model.ts';
import { providerSpecOf } from '../../kinds/machine/provider-spec.ts';
import { recentBundle, recentCluster } from '../recent.ts';
import { secretText, toSecretData } from '../secrets.ts';
import { type StepPorts, settled, superseded, waiting } from '../step.ts';
import { creating } from './of-machine.ts';

/** The Secret that holds what a machine boots with, under the key `value`: made once, never rewritten. */
export const bootstrapSecret = (machine: string): string => `${machine}-bootstrap-data`;

/** Renders what the machine boots with, once: a machine that is asked for twice must be asked for with the same. */
export const renderBootstrap = creating<StepPorts>(async ({ object, machine }, _input, ports) => {
  const name = bootstrapSecret(machine.name);
  const at = { namespace: machine.namespace, name };
  const existing = await ports.store.get(secret, at);
  if (existing?.metadata.ownerReferences?.some((owner) => owner.uid === machine.uid)) return settled(`Secret ${name} exists`);
  if (existing !== undefined)
    throw new Invalid(`Secret ${name} exists and is not of this Machine: delete it, or name the Machine otherwise`);
  const cluster = await recentCluster(object, ports);
  if (cluster === undefined) return superseded(`Cluster ${machine.clusterName} is gone`);
  const bundle = await recentBundle(cluster, ports);
  if (bundle === undefined) return waiting(`the secrets of Cluster ${cluster.name} are not made yet`, 5);
  const rendered = ports.bootstrap.renderMachine(bundle, toBootstrap(object, machine, cluster));
  try {
    const data: SecretObject = {
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: {
        ...at,
        labels: { [keys.clusterName]: cluster.name },
        ownerReferences: [{ apiVersion: object.apiVersion, kind: 'Machine', name: machine.name, uid: machine.uid, controller: true }],
      },
      type: 'cluster.k8s.io/bootstrap-data',
      data: toSecretData({ value: rendered }),
    };
    // The Machine's own step made it: nobody needs to hear.
    await ports.store.create(secret, data, { wakes: 'nobody' });
  } catch (error) {
    // Another try of this step was quicker: what it rendered is what counts.
    if (!(error instanceof AlreadyExists)) throw error;
  }
  return settled(`rendered the ${machine.role} config into Secret ${name}`);
});

/** What the machine boots with. Undefined when RenderBootstrap has not made it. */
export const bootstrapDataOf = (machine: MachineSelf, ports: StepPorts): Promise<string | undefined> =>
  secretText({ namespace: machine.namespace, name: bootstrapSecret(machine.name) }, 'value', ports);

function toBootstrap(object: MachineObject, machine: MachineSelf, cluster: Cluster): BootstrapMachine {
  const { versions } = object.spec;
  const { talosVersion, configPatches } = providerSpecOf(object) ?? {};
  const kubernetesVersion = versions?.kubelet ?? versions?.controlPlane;
  return {
    cluster: toBootstrapCluster(cluster),
    role: machine.role,
    name: machine.name,
    uid: machine.uid,
    ...(kubernetesVersion !== undefined && { kubernetesVersion }),
    ...(talosVersion !== undefined && { talosVersion }),
    ...(configPatches !== undefined && { patches: configPatches }),
  };
}

export const toBootstrapCluster = (cluster: Cluster): BootstrapMachine['cluster'] => ({
  name: cluster.name,
  endpoint: endpointOf(cluster),
  masterAddresses: cluster.masterAddresses,
  podSubnets: cluster.podSubnets,
  serviceSubnets: cluster.serviceSubnets,
  dnsDomain: cluster.dnsDomain,
});
