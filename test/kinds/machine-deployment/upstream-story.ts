import { planMachineDeployment } from '../../../shared/kinds/machine-deployment/plan.ts';
import { hashLabel } from '../../../shared/kinds/machine-set/annotations.ts';
import type { CreateOperation, Operation } from '../../../shared/kinds/operation.ts';
import { aDeployment, aMachineSet, now, templateOf } from './builders.ts';

/**
 * Replays a rollout story of Cluster API: the story's `Iteration` lines say who acts when, our planner decides, and the
 * small MachineSets and Machines below do what upstream's test doubles do. The result is the story as we would tell it.
 */
export function retell(story: string): string {
  const world = read(story);
  const lines = story.split('\n');
  const told = [...lines.slice(0, lines.findIndex((line) => line.startsWith('[Test] Rollout')) + 1)];
  for (const line of lines) told.push(...act(world, line));
  told.push('[Test] Final state', `    md: ${counts(world.md)}`, ...world.sets.map((set) => `    ${state(set)}`));
  return told.join('\n');
}

interface Counts {
  existing: number;
  desired: number;
  available: number;
  upToDate: number;
}

interface Set extends Counts {
  name: string;
  version: string;
  annotations: Record<string, string>;
  machines: Machine[];
}

interface Machine {
  number: number;
  deleting: boolean;
}

interface World {
  md: Counts;
  sets: Set[];
  version: string;
  strategy: 'RollingUpdate' | 'OnDelete';
  maxSurge: number;
  maxUnavailable: number;
  nextMachine: number;
}

function read(story: string): World {
  const initial = story.slice(story.indexOf('[Test] Initial state'), story.indexOf('[Test] Rollout'));
  const rollout = /\[Test] Rollout .*/.exec(story)?.[0] ?? '';
  const sets = [...initial.matchAll(/^ {4}(ms\d+): (.*) \((.*)\)$/gm)].map(
    ([, name = '', text = '', machines = '']): Set => ({
      name,
      version: `v${name.slice(2)}`,
      annotations: {},
      machines: [...machines.matchAll(/m(\d+)/g)].map(([, number]) => ({ number: Number(number), deleting: false })),
      ...countsIn(text),
    }),
  );
  const setting = (name: string) => Number(new RegExp(`${name}=(\\d+)`).exec(rollout)?.[1] ?? 0);
  return {
    md: countsIn(/^ {4}md: (.*)$/m.exec(initial)?.[1] ?? ''),
    sets,
    version: /change spec/i.test(story.split('\n', 1)[0] ?? '') ? 'v3' : 'v2',
    strategy: rollout.includes('onDeleteStrategy') ? 'OnDelete' : 'RollingUpdate',
    maxSurge: setting('MaxSurge'),
    maxUnavailable: setting('MaxUnavailable'),
    nextMachine: Math.max(...sets.flatMap((set) => set.machines.map((machine) => machine.number))) + 1,
  };
}

function countsIn(text: string): Counts {
  const [existing = 0, desired = 0, available = 0, upToDate = 0] = (text.match(/\d+/g) ?? []).map(Number);
  return { existing, desired, available, upToDate };
}

const counts = (c: Counts, desired = c.desired): string =>
  `${c.existing}/${desired} replicas, ${c.available} available, ${c.upToDate} upToDate`;
const names = (machines: readonly Machine[]): string => machines.map((machine) => `m${machine.number}`).join(',');
const state = (set: Set): string => `${set.name}: ${counts(set)} (${names(set.machines)})`;

function act(world: World, line: string): string[] {
  const [, who, what = ''] =
    /^\[(MD controller|MS controller|User|M controller)] Iteration \d+, (?:Reconcile|Deleting machine) (\w+)/.exec(line) ?? [];
  if (who === 'MD controller') return [line, ...reconcileDeployment(world)];
  if (who === 'MS controller') {
    const set = world.sets.find((each) => each.name === what)!;
    return [`${line.slice(0, line.indexOf('Reconcile'))}Reconcile ${state(set)}`, ...reconcileSet(world, set)];
  }
  if (who === undefined) return [];
  const owner = world.sets.find((set) => set.machines.some((machine) => `m${machine.number}` === what));
  const machine = owner?.machines.find((each) => `m${each.number}` === what);
  if (owner === undefined || machine === undefined) return [line];
  if (who === 'User') machine.deleting = true;
  if (who === 'User' || !machine.deleting) return [line];
  owner.machines = owner.machines.filter((each) => each !== machine);
  return [line, `[M controller] - ${what} finalizer removed`];
}

function reconcileDeployment(world: World): string[] {
  const { md, sets, strategy, maxSurge, maxUnavailable } = world;
  const { operations } = planMachineDeployment({
    now,
    by: strategy === 'OnDelete' ? 'reconcile' : 'rollout',
    clusterPaused: false,
    deployment: aDeployment({
      replicas: md.desired,
      strategy,
      maxSurge,
      maxUnavailable,
      template: templateOf(world.version),
      revisionHistoryLimit: Number.MAX_SAFE_INTEGER,
    }),
    machineSets: sets.map(({ name, version, annotations, desired, existing, available }) =>
      aMachineSet(name, version, { annotations, desired, existing, available }),
    ),
  });
  const told = new Map(sets.map((set) => [set.name, tellUpdate(world, set, operations)]));
  for (const operation of operations) if (operation.op === 'create') told.set(...create(world, operation));
  md.existing = world.sets.reduce((sum, set) => sum + set.existing, 0);
  md.available = world.sets.reduce((sum, set) => sum + set.available, 0);
  if (strategy === 'RollingUpdate') md.upToDate = world.sets.reduce((sum, set) => sum + set.upToDate, 0);
  return [
    '[MD controller] - Result of rollout planner',
    `    md: md: ${counts(md)}`,
    ...[...told.values()].flat(),
    ...(strategy === 'RollingUpdate' ? tolerate(world) : []),
  ];
}

const upstreamKey = (key: string): string => key.replace(/^(.*cluster|cluster)(s?)\.k8s\.io/, '$1$2.x-k8s.io');
/** The annotations that the stories show, in their order. */
const shown = ['/revision', '/disable-machine-create'];

function tellUpdate(world: World, set: Set, operations: readonly Operation[]): string[] {
  const update = operations.find((each) => each.op === 'update' && each.target.name === set.name);
  if (update?.op !== 'update') return [`    ${state(set)}`];
  const role = set.version === world.version ? 'current' : 'old';
  const before = set.desired;
  set.desired = Number(update.change.spec?.replicas ?? before);
  const annotations = Object.entries(update.change.annotations ?? {}).map(([key, value]) => [key, `${value}`] as const);
  Object.assign(set.annotations, Object.fromEntries(annotations));
  const diff = [
    ...(set.desired === before ? [] : [`replicas ${set.desired}`]),
    ...shown.flatMap((end) => annotations.filter(([key]) => key.endsWith(end)).map(([key, value]) => `${upstreamKey(key)}: ${value}`)),
  ];
  const tellDiff = diff.length > 0 ? [`        - Diff: ${diff.join(',')}`] : [];
  if (set.desired === before)
    return [`    ${state(set)}`, ...(diff.length > 0 ? [`      - Updated ${role} MachineSet ${set.name}`] : []), ...tellDiff];
  const line = `    ${set.name}: from ${set.existing}/${before} to ${counts(set)} (${names(set.machines)})`;
  return [line, ...tellScale(role, set.name, before, set.desired, update.because), ...tellDiff];
}

function tellScale(role: string, name: string, from: number, to: number, because: string): string[] {
  const [direction, sign] = to > from ? ['up', '+'] : ['down', ''];
  return [
    `      - Scaled ${direction} ${role} MachineSet ${name} from ${from} to ${to} replicas (${sign}${to - from})`,
    `        - Reason: ${because}`,
  ];
}

function create(world: World, { spec, labels, annotations, because }: CreateOperation): [string, string[]] {
  if (labels[hashLabel] === undefined) throw new Error('a new MachineSet must carry the hash of its template');
  const name = `ms${world.sets.length + 1}`;
  const desired = Number(spec.replicas);
  const set: Set = {
    name,
    version: world.version,
    annotations: { ...annotations },
    machines: [],
    desired,
    existing: 0,
    available: 0,
    upToDate: 0,
  };
  world.sets.push(set);
  const scale = desired > 0 ? tellScale('current', name, 0, desired, because.split('; ').at(-1) ?? '') : [];
  return [name, [`    ${state(set)}`, `      - MachineSet ${name} created, it is now the current MachineSet`, ...scale]];
}

function tolerate({ md, sets, maxSurge, maxUnavailable }: World): string[] {
  const most = sets.reduce((sum, set) => sum + Math.max(set.desired, set.existing), 0);
  return [
    ...(md.available < md.desired - maxUnavailable ? ['[Toleration] tolerate maxUnavailable breach'] : []),
    ...(most > md.desired + maxSurge ? ['[Toleration] tolerate maxSurge breach'] : []),
  ];
}

function reconcileSet(world: World, set: Set): string[] {
  const surplus = set.machines.length - set.desired;
  const told: string[] = [];
  if (surplus < 0 && set.annotations['cluster.k8s.io/disable-machine-create'] !== 'true') {
    const created = Array.from({ length: -surplus }, () => ({ number: world.nextMachine++, deleting: false }));
    set.machines.push(...created);
    told.push(`scale up to ${set.machines.length}/${set.desired} replicas (${names(created)} created)`);
  } else if (surplus > 0) {
    const deleted = set.machines.slice(0, surplus);
    set.machines = set.machines.slice(surplus);
    told.push(`scale down to ${set.machines.length}/${set.desired} replicas (${names(deleted)} deleted)`);
  }
  set.existing = set.machines.length;
  set.available = set.machines.length;
  set.upToDate = set.version === world.version ? set.available : 0;
  return told.map((text) => `[MS controller] - ${set.name} ${text}`);
}
