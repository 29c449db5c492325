import { Invalid } from '../../errors.ts';
import type { Cluster } from '../../kinds/cluster/model.ts';
import { providerSpecOf, providerSpecPath } from '../../kinds/machine/provider-spec.ts';
import type { InstanceRef, MachineAddress, Memo } from '../../provisioners/provisioner.ts';
import { CredentialsRefused, type OpenCloud, openCloud, parseConfig } from '../credentials.ts';
import type { CloudStepPorts } from '../step.ts';
import { type MachineAtHand, note } from './of-machine.ts';

export interface AtCloud extends OpenCloud {
  readonly ref: InstanceRef;
}

/** Opens the machine's cloud. A refusal is written on the Machine, so that it can be mended, and ends the execution. */
export async function atCloud(
  at: MachineAtHand,
  cluster: Pick<Cluster, 'namespace' | 'name' | 'uid'>,
  ports: CloudStepPorts,
): Promise<AtCloud> {
  const madeOf = providerSpecOf(at.object);
  if (madeOf === undefined) throw new Invalid('spec.providerSpec.value is missing, and status.providerSpec of its MachineClass too');
  const { type, config } = madeOf.platform;
  const open = await sayRefusal(at, ports, () => openCloud(type, ports));
  const { namespace, name, uid, providerID } = at.machine;
  return {
    ...open,
    ask: (call) => sayRefusal(at, ports, () => open.ask(call)),
    ref: {
      cluster: { namespace: cluster.namespace, name: cluster.name, uid: cluster.uid },
      machine: { namespace, name, uid },
      config: parseConfig(open.cloud, config, `${providerSpecPath(at.object)}.platform.config`),
      ...(providerID !== undefined && { providerID }),
    },
  };
}

async function sayRefusal<T>(at: MachineAtHand, ports: CloudStepPorts, ask: () => Promise<T>): Promise<T> {
  try {
    return await ask();
  } catch (error) {
    if (error instanceof CredentialsRefused) {
      const { message, secret, secretVersion } = error;
      await note(at, { status: { waitingFor: { reason: 'CredentialsRefused', message, secret, secretVersion } } }, 'quiet', ports);
    }
    throw error;
  }
}

/** What the provisioner remembers of this machine. */
export const memoOf = (at: MachineAtHand): Memo | undefined => at.machine.status.providerStatus;

export const toAddresses = (addresses: readonly MachineAddress[]): { type: string; address: string }[] =>
  addresses.map((address) => ({ ...address }));

/** The reserved address of a master, by its index. */
export const addressOf = (at: MachineAtHand, cluster: Cluster): string | undefined =>
  at.machine.role === 'master' && at.machine.index !== undefined ? cluster.masterAddresses[at.machine.index] : undefined;
