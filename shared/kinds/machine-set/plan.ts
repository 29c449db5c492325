import { keys } from '../fields.ts';
import { childName, childSuffix } from '../names.ts';
import type { CreateOperation, Operation, Plan, Target } from '../operation.ts';
import { annotationKeys } from './annotations.ts';
import { isPaused, type MachineSetFacts } from './facts.ts';
import { holdBack, tearDown } from './finalizers.ts';
import { isEmpty, missingFrom, patchBetween } from './in-place.ts';
import type { MachineSetStatus } from './kind.ts';
import type { MachineSet, Member } from './model.ts';
import { machineSetStatus, machinesInWords, nextAvailableIn } from './status.ts';

import { chooseVictims } from './victims.ts';

/** What to do for a MachineSet: make Machines, delete Machines, hand changes on to those that run. */
export function planMachineSet(facts: MachineSetFacts): Plan<MachineSetStatus> {
  const checkAgainIn = nextAvailableIn(facts) ?? (facts.clusterStarts ? 60 : undefined);
  return {
    operations: isPaused(facts) ? [] : operationsFor(facts),
    status: machineSetStatus(facts),
    ...(checkAgainIn !== undefined && { checkAgainIn }),
  };
}

function operationsFor({ machineSet, machines, now, turn, clusterStarts }: MachineSetFacts): Operation[] {
  const owner = { ...machineSet, kind: 'MachineSet' };
  if (machineSet.deleting) return tearDown(owner, keys.machineSetFinalizer, 'Machine', machines);
  const surplus = machines.length - machineSet.desired;
  const leaving = surplus > 0 ? chooseVictims(machines, surplus, machineSet.deletePolicy, now) : [];
  const staying = machines.filter((machine) => !machine.deleting && !leaving.some((victim) => victim.machine === machine));
  return [
    ...holdBack(owner, keys.machineSetFinalizer, 'its Machines must be gone before it goes'),
    ...(clusterStarts ? [] : create(machineSet, -surplus, turn)),
    ...leaving
      .filter(({ machine }) => !machine.deleting)
      .map(({ machine, because }): Operation => {
        const counts = `has ${machinesInWords(machines.length)}, spec.replicas is ${machineSet.desired}`;
        return { op: 'delete', target: target(machine), because: `${counts}; ${because}` };
      }),
    ...staying.flatMap((machine) => handOn(machineSet, machine)),
  ];
}

/** All at once: what paces a rollout is the MachineDeployment, by how many it asks for. */
function create(machineSet: MachineSet, shortage: number, turn: number): CreateOperation[] {
  if (shortage <= 0 || machineSet.annotations[annotationKeys.disableMachineCreate] === 'true') return [];
  const existing = machineSet.desired - shortage;
  return Array.from({ length: shortage }, (_, index) => ({
    op: 'create',
    kind: 'Machine',
    name: childName(machineSet.name, childSuffix(machineSet.uid, turn, index)),
    labels: machineSet.template.labels,
    annotations: machineSet.template.annotations,
    finalizers: [keys.machineFinalizer],
    spec: machineSet.template.spec,
    because: `has ${machinesInWords(existing)}, spec.replicas is ${machineSet.desired}`,
  }));
}

/** What of the template changes on a running machine is changed there; the rest waits for a rollout. */
function handOn({ template }: MachineSet, machine: Member): Operation[] {
  const labels = missingFrom(machine.labels, template.labels);
  const annotations = missingFrom(machine.annotations, template.annotations);
  const spec = patchBetween(machine.inPlace, template.inPlace);
  if (isEmpty(labels) && isEmpty(annotations) && isEmpty(spec)) return [];
  return [
    {
      op: 'update',
      target: target(machine),
      change: { ...(!isEmpty(labels) && { labels }), ...(!isEmpty(annotations) && { annotations }), ...(!isEmpty(spec) && { spec }) },
      because: `${[...Object.keys(spec), ...(isEmpty(labels) ? [] : ['labels']), ...(isEmpty(annotations) ? [] : ['annotations'])].join(', ')} of the template changed, which needs no new Machine`,
    },
  ];
}

const target = ({ name, uid }: Member): Target => ({ kind: 'Machine', name, uid });
