import type { MachineSetFacts } from '../../../shared/kinds/machine-set/facts.ts';
import type { Member } from '../../../shared/kinds/machine-set/model.ts';
import { aMachineSet, now } from '../machine-deployment/builders.ts';

export { now };

export const template = aMachineSet('ms', 'v1').template;

/** A healthy Machine of the MachineSet `ms`, an hour old. */
export const aMachine = (name: string, more: Partial<Member> = {}): Member => ({
  namespace: 'default',
  name,
  uid: `${name}-uid`,
  labels: template.labels,
  annotations: {},
  createdAt: now - 3_600_000,
  deleting: false,
  owner: 'ms-uid',
  template: template.rollout,
  nodeName: `node-${name}`,
  ready: true,
  readySince: now - 60_000,
  failed: false,
  conditions: [],
  inPlace: {},
  ...more,
});

export const machines = (count: number): Member[] => Array.from({ length: count }, (_, i) => aMachine(`m${i + 1}`));

export const facts = (desired: number, members: Member[], more: Partial<MachineSetFacts> = {}): MachineSetFacts => ({
  now,
  turn: 7,
  machineSet: aMachineSet('ms', 'v1', { desired }),
  machines: members,
  clusterPaused: false,
  ...more,
});
