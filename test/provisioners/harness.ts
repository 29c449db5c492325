import type { Creation } from '../../infra/local/clouds/cloud-state.ts';
import type { Fault, Faults } from '../../infra/local/clouds/faults.ts';
import { RetryLater } from '../../shared/errors.ts';
import type { Cloud, DesiredInstance, Ensured, Memo, Provisioner } from '../../shared/provisioners/provisioner.ts';
import { seededRandom, type VirtualClock } from '../clock.ts';

/** A cloud and its fake, as the suite needs them: a fresh one for each test. */
export interface Harness<Config> {
  readonly cloud: Cloud<Config>;
  /** Asks for a disk of 10 GB. */
  readonly config: Config;
  /** Well formed, but refused for good by the cloud when the machine is created: an image or key that is not there. */
  readonly impossible: Config;
  readonly credentials: string;
  /** Readable, but the cloud does not know them. */
  readonly wrongCredentials: string;
  readonly endpoint: string;
  readonly clock: VirtualClock;
  readonly faults: Faults;
  /** Matches the call that creates an instance, for faults. */
  readonly createCall: string;
  readonly capacity: Fault;
  readonly quota: Fault;
  readonly throttled: Fault;
  /** Reserved by the user before anything happened. */
  readonly reservedAddress: string;
  readonly creations: () => readonly Creation[];
  /** The tag or label that holds the machine's uid. */
  readonly uidTag: string;
  /** Instances that are not deleted, with their disks in GB. */
  readonly instances: () => readonly { readonly id: string; readonly machineUid: string | undefined; readonly diskGb: readonly number[] }[];
  /** All that was made since the start and is still there, in words: instances, disks, interfaces, rules, addresses. */
  readonly remains: () => readonly string[];
  /** The instance that has the address; undefined: reserved and free. Throws when it is no longer reserved. */
  readonly userOf: (address: string) => string | undefined;
  /** Somebody deletes the instance in the cloud's console. */
  readonly deleteBehindOurBack: (id: string) => void;
  readonly close: () => Promise<void>;
}

/** Seconds of empty looks after which an instance that was asked for counts as never made. */
export const settlingSeconds = 20;
export const cluster = { namespace: 'default', name: 'talos-test', uid: '7d6b9a52-0000-4000-8000-00000000c1a5' };

/** The provisioner of this cloud on its fake. */
export const openProvisioner = <Config>(h: Harness<Config>, credentials = h.credentials): Provisioner<Config> =>
  h.cloud.open({ credentials, endpoint: h.endpoint, clock: h.clock, random: seededRandom(1), settlingSeconds });

/** A machine whose name and uid differ by index. */
export function desired<Config>(config: Config, role: 'master' | 'worker', index: number): DesiredInstance<Config> {
  const uid = `3f2c1b0a-0000-4000-8000-${String(index).padStart(12, '0')}`;
  return {
    cluster,
    machine: { namespace: 'default', name: `talos-test-${role}-${index}`, uid },
    config,
    role,
    userData: async () => `machine:\n  type: ${role}\n  token: very secret ${index}\n`,
  };
}

/** As the store gives it back. */
export const stored = (memo: Memo): Memo => JSON.parse(JSON.stringify(memo)) as Memo;

interface Created {
  readonly memo: Memo;
  readonly instance: Ensured['instance'];
}

/** Calls `ensure` as the workflow does, until the instance runs. `dies`: the caller forgets the memo of this call. */
export async function create<Config>(
  h: Harness<Config>,
  provisioner: Provisioner<Config>,
  machine: DesiredInstance<Config>,
  dies: (call: number) => boolean = () => false,
  known?: Memo,
): Promise<Created> {
  let memo = known;
  let calls = 0;
  const last = await until(
    h,
    async () => {
      const step = await provisioner.machines.ensure(machine, memo);
      if (!dies(calls++)) memo = stored(step.memo);
      return step;
    },
    (step) => step.settled,
  );
  return { memo: stored(last.memo), instance: last.instance };
}

/** Repeats a step, waiting as long as it says, until it is done. What passes by itself (RetryLater) is waited for. */
export async function until<Config, S extends { readonly checkAgainIn: number; readonly again?: boolean }>(
  h: Harness<Config>,
  step: () => Promise<S>,
  done: (answer: S) => boolean,
): Promise<S> {
  let said: unknown;
  for (let call = 0; call < 80; call++) {
    try {
      const answer = await step();
      if (done(answer)) return answer;
      said = answer;
      if (answer.again !== true) await h.clock.advance(answer.checkAgainIn * 1000);
    } catch (error) {
      if (!(error instanceof RetryLater)) throw error;
      said = error;
      await h.clock.advance((error.retryAfter ?? 1) * 1000);
    }
  }
  throw new Error(`not done after 80 calls; the last one said ${said instanceof Error ? said.message : JSON.stringify(said)}`);
}
