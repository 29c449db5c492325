import middy from '@middy/core';
import { answer, type StepAnswer, type StepCall, toFailure } from '../kinds/workflow.ts';
import type { Cloud } from '../provisioners/provisioner.ts';
import type { CloudStepPorts, Step, StepInput, StepPorts } from '../steps/step.ts';
import { type Host, host } from './host.ts';

type Steps<Ports> = Readonly<Record<string, Step<Ports>>>;

/** What the Task states of the state machines call, by the name of the state. */
export const stepDoor = (steps: Steps<StepPorts>) => door(steps, (ports) => ports);

/** The same for the steps that touch one cloud. */
export const cloudStepDoor = (cloud: Cloud, steps: Steps<CloudStepPorts>) => door(steps, (ports) => ({ ...ports, clouds: [cloud] }));

const door = <Ports>(steps: Steps<Ports>, open: (ports: Host) => Ports) =>
  middy<StepCall | readonly StepCall[], StepAnswer | undefined>().handler(async (asked) => {
    const ports = host();
    const carryOut = async (call: StepCall): Promise<StepAnswer> => {
      const step = steps[call.step];
      if (step === undefined) throw new Error(`no step ${call.step} here: there are ${Object.keys(steps).join(', ')}`);
      const input = { ...call.input, execution: call.execution } as unknown as StepInput;
      const outcome = await step(input, open(ports)).catch((error: unknown) => {
        throw toFailure(error);
      });
      ports.log.debug(outcome.says, { step: call.step, execution: call.execution, settled: outcome.settled });
      return answer(call, outcome, ports.clock.now());
    };
    if (!isMany(asked)) return carryOut(asked);
    const warn = ({ step, input }: StepCall, error: unknown): void =>
      ports.log.warn('could not observe', { step, cluster: `${input.namespace}/${input.name}`, error: String(error) });
    await Promise.all(asked.map((call) => carryOut(call).catch((error: unknown) => warn(call, error))));
    return undefined;
  });

/** The sweep asks for many looks at once, and nobody waits for an answer: one that fails must not keep the others from being taken. */
const isMany = (asked: StepCall | readonly StepCall[]): asked is readonly StepCall[] => Array.isArray(asked);
