import { Conflict, NotFound, RetryLater } from '../../errors.ts';
import { type MachineObject, machine } from '../../kinds/machine/kind.ts';
import type { MachineSelf, MachineStatus } from '../../kinds/machine/model.ts';
import { summarize } from '../../kinds/machine/status.ts';
import { toMachineSelf } from '../../kinds/machine/to-model.ts';
import { nameOf, timestamp } from '../../kinds/object.ts';
import type { StepOutcome } from '../../kinds/workflow.ts';
import type { Write } from '../../store/store.ts';
import { safetyNet } from '../due.ts';
import { type Step, type StepInput, type StepPorts, soon, superseded, waiting } from '../step.ts';

export interface MachineAtHand {
  readonly object: MachineObject;
  readonly machine: MachineSelf;
}

type MachineStep<Ports> = (at: MachineAtHand, input: StepInput, ports: Ports) => Promise<StepOutcome>;

/**
 * A step of the creation of a machine. It reads the Machine anew each time and ends the execution as superseded when
 * that Machine is gone or is being deleted. What may pass (RetryLater) is waited for, in words, instead of failing.
 */
export const creating = <Ports extends StepPorts>(step: MachineStep<Ports>): Step<Ports> =>
  ofMachine(step, (at) => (at.machine.deleting ? superseded(`Machine ${at.machine.name} is being deleted`) : undefined));

/** A step of a machine's teardown: ends as superseded when the Machine is gone. */
export const tearingDown = <Ports extends StepPorts>(step: MachineStep<Ports>): Step<Ports> => ofMachine(step, () => undefined);

const ofMachine =
  <Ports extends StepPorts>(step: MachineStep<Ports>, stop: (at: MachineAtHand) => StepOutcome | undefined): Step<Ports> =>
  async (input, ports) => {
    const object = await ports.store.get(machine, input);
    if (object === undefined || object.metadata.uid !== input.uid) return superseded(`Machine ${input.name} is gone`);
    const at = { object, machine: toMachineSelf(object) };
    const stopped = stop(at);
    if (stopped !== undefined) return stopped;
    try {
      return await step(at, input, ports);
    } catch (error) {
      if (error instanceof RetryLater) return waiting(error.message, error.retryAfter ?? soon(ports.settings));
      if (error instanceof Conflict) return waiting('somebody else wrote first', 1);
      throw error;
    }
  };

export interface MachineChange {
  readonly status?: Partial<MachineStatus>;
  readonly providerID?: string;
  /** What was done, for `lastOperation`. */
  readonly says?: string;
}

/**
 * Whom a note wakes, and when the Machine is looked at. `quiet`: nobody, while its execution goes on. `loud`: its reconciler, which
 * has to decide, and its owner. `done`: its owner, which counts; nothing is left to decide.
 */
const loudness = {
  quiet: (ports: StepPorts): Write => ({ wakes: 'nobody', dueAt: safetyNet(ports) }),
  loud: ({ clock }: StepPorts): Write => ({ dueAt: clock.now() }),
  done: (): Write => ({ wakes: 'owner' }),
};

/**
 * Writes what a step observed, with the summary that follows from it. Reads anew when somebody else wrote in between.
 */
export async function note(at: MachineAtHand, change: MachineChange, how: keyof typeof loudness, ports: StepPorts): Promise<MachineAtHand> {
  let { object } = at;
  for (;;) {
    const next = noted(object, change, ports.clock.now());
    try {
      const stored = await ports.store.update(machine, next, loudness[how](ports));
      return { object: stored, machine: toMachineSelf(stored) };
    } catch (error) {
      if (!(error instanceof Conflict)) throw error;
      const again = await ports.store.get(machine, nameOf(object));
      if (again === undefined || again.metadata.uid !== object.metadata.uid) throw new NotFound(`Machine ${object.metadata.name} is gone`);
      object = again;
    }
  }
}

function noted(object: MachineObject, { status, providerID, says }: MachineChange, now: number): MachineObject {
  const moved = providerID !== undefined && providerID !== object.spec.providerID;
  const generation = (object.metadata.generation ?? 1) + 1;
  const next: MachineObject = {
    ...object,
    metadata: moved ? { ...object.metadata, generation } : object.metadata,
    spec: providerID === undefined ? object.spec : { ...object.spec, providerID },
    status: {
      ...object.status,
      ...status,
      // Who changes the spec has seen it: nobody else need write that down.
      ...(moved && { observedGeneration: generation }),
      lastUpdated: timestamp(now),
      ...(says !== undefined && { lastOperation: { description: says, lastUpdated: timestamp(now), state: 'Processing', type: 'Create' } }),
    },
  };
  return { ...next, status: summarize(toMachineSelf(next), now) };
}
