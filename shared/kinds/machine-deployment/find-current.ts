import { canonical } from '../canonical.ts';
import type { RolloutSpec } from '../machine/model.ts';
import type { MachineSet } from '../machine-set/model.ts';
import { timestamp } from '../object.ts';
import type { MachineDeployment } from './model.ts';
import { byAge } from './situation.ts';

/** Which MachineSet has what the template asks for, and which have not. */
export interface Found {
  readonly current: MachineSet | undefined;
  /** The oldest first; those that are being deleted too, since their Machines still exist. */
  readonly old: readonly MachineSet[];
  /** Why there is no current one. */
  readonly because: string;
}

type Deployment = Pick<MachineDeployment, 'template' | 'rolloutAfter'>;

/** Of several that match, the one with the most replicas, then the oldest. What changes in place does not matter. */
export function findCurrent({ template, rolloutAfter }: Deployment, machineSets: readonly MachineSet[], now: number): Found {
  const matching = machineSets
    .filter((set) => !set.deleting && set.template.fingerprint === template.fingerprint)
    .sort((a, b) => b.desired - a.desired || byAge(a, b));
  const since = rolloutAfter !== undefined && rolloutAfter <= now ? rolloutAfter : undefined;
  const current = matching.find((set) => since === undefined || set.createdAt >= since);
  const because = matching.length > 0 ? restarted(since ?? now) : unmatched(template.rollout, machineSets);
  return { current, old: machineSets.filter((set) => set !== current).sort(byAge), because };
}

const restarted = (since: number): string =>
  `spec.rolloutAfter on MachineDeployment set to ${timestamp(since)}, no MachineSet has been created afterwards`;

function unmatched(wanted: RolloutSpec, machineSets: readonly MachineSet[]): string {
  if (machineSets.length === 0) return 'no MachineSets exist for the MachineDeployment';
  const why = machineSets.map((set) => `MachineSet ${set.name} needs rollout: ${outOfDate(set.template.rollout, wanted).join(', ')}`);
  return `couldn't find MachineSet matching MachineDeployment spec template: ${why.join(', ')}`;
}

/** What differs between what a Machine is and what it should be, in words; empty: it is up to date. */
export function outOfDate(is: RolloutSpec, wanted: RolloutSpec): string[] {
  const value = (title: string, a: string | undefined, b: string | undefined) =>
    a === b ? [] : [`${title} ${a ?? '(none)'}, ${b ?? '(none)'} required`];
  const whole = (title: string, a: unknown, b: unknown) => (canonical([a]) === canonical([b]) ? [] : [`${title} is not up-to-date`]);
  return [
    ...value('Version', is.versions.kubelet, wanted.versions.kubelet),
    ...value('Control plane version', is.versions.controlPlane, wanted.versions.controlPlane),
    ...value('Failure domain', is.failureDomain, wanted.failureDomain),
    ...whole('Provider spec', is.providerSpec, wanted.providerSpec),
    ...whole('Config source', is.configSource, wanted.configSource),
  ];
}
