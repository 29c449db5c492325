import { keys } from '../../../shared/kinds/fields.ts';
import type { MachineSelf } from '../../../shared/kinds/machine/model.ts';
import type { MachineFacts } from '../../../shared/kinds/machine/plan.ts';

export const now = Date.parse('2026-01-01T00:00:00Z');
const labels = { [keys.clusterName]: 'c' };

/** A worker that was just made by its MachineSet. */
export const aMachine = (more: Partial<MachineSelf> = {}): MachineSelf => ({
  namespace: 'default',
  name: 'm',
  uid: 'm-uid',
  labels,
  annotations: {},
  createdAt: now,
  deleting: false,
  template: { versions: {}, providerSpec: {} },
  ready: undefined,
  failed: false,
  conditions: [],
  clusterName: 'c',
  role: 'worker',
  platform: 'gce',
  generation: 1,
  finalizers: [keys.machineFinalizer],
  paused: false,
  status: {},
  ...more,
});

/** Its cluster stands ready for it. */
export const facts = (machine: Partial<MachineSelf> = {}, more: Partial<MachineFacts> = {}): MachineFacts => ({
  now,
  machine: aMachine(machine),
  cluster: { deleting: false, paused: false, secretsReady: true, masterAddresses: ['203.0.113.10'] },
  ...more,
});

/** RFC 3339, so many seconds from now. */
export const inSeconds = (seconds: number): string => `${new Date(now + seconds * 1000).toISOString().slice(0, 19)}Z`;

export const nodeRef = { kind: 'Node', name: 'n', uid: 'n-uid' };
