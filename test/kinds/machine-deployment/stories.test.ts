import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import type { MachineObject } from '../../../shared/kinds/machine/kind.ts';
import { templateWith } from './manifest.ts';
import { createWorld, deploymentIn, machinesIn, markDeleted, patchSpec, round, setReady, setsIn, type World } from './world.ts';

/**
 * Whole rollouts, told round by round in `stories/*.txt`. After a change that is meant, run with UPDATE=1 and read the
 * difference as prose.
 */
interface Story {
  readonly title: string;
  readonly spec?: Record<string, unknown>;
  /** What happens to it, one after the other; the world comes to rest in between, or has as many rounds as are said. */
  readonly events: readonly [sentence: string, act: (world: World) => void, rounds?: number][];
}

const version = (kubelet: string) => ({ template: templateWith({ versions: { kubelet } }) });
const roll = (kubelet: string) => (world: World) => patchSpec(world, version(kubelet));
const scale = (replicas: number) => (world: World) => patchSpec(world, { replicas });
const nothing = () => undefined;
const abortExecutions = (world: World) => {
  for (const name of world.executions.keys()) world.executions.set(name, false);
};
const oldest = (world: World): MachineObject => machinesIn(world)[0]!;

const stories: Record<string, Story> = {
  'rolling-update': {
    title: 'Three workers with the defaults: one more at a time, never fewer than three available',
    events: [
      ['The user applies the MachineDeployment', nothing],
      ['The user writes another Kubernetes version', roll('v1.36.0')],
    ],
  },
  scale: {
    title: 'Scaling needs no execution',
    events: [
      ['The user applies the MachineDeployment', nothing],
      ['The user scales to 5', scale(5)],
      ['The user scales back to 3', scale(3)],
    ],
  },
  rollback: {
    title: 'Going back to the old template finds the old MachineSet, which gets the newest revision',
    events: [
      ['The user applies the MachineDeployment', nothing],
      ['The user writes another Kubernetes version', roll('v1.36.0'), 3],
      ['The user goes back, in the middle of the rollout', roll('v1.35.0')],
    ],
  },
  paused: {
    title: 'A rollout that is paused midway stands still, but scales in proportion',
    spec: { replicas: 4, strategy: { rollingUpdate: { maxSurge: 2, maxUnavailable: 0 } } },
    events: [
      ['The user applies the MachineDeployment', nothing],
      ['The user writes another Kubernetes version', roll('v1.36.0'), 1],
      ['The user pauses', (world) => patchSpec(world, { paused: true })],
      ['The user scales to 8', scale(8)],
      ['The user resumes', (world) => patchSpec(world, { paused: false })],
    ],
  },
  'on-delete': {
    title: 'With OnDelete, a Machine is replaced when the user deletes it',
    spec: { replicas: 2, strategy: { type: 'OnDelete' } },
    events: [
      ['The user applies the MachineDeployment', nothing],
      ['The user writes another Kubernetes version', roll('v1.36.0')],
      ['The user deletes a Machine', (world) => markDeleted(world, oldest(world))],
      ['The user deletes the other old Machine', (world) => markDeleted(world, oldest(world))],
    ],
  },
  'unhealthy-first': {
    title: 'Old Machines that are ill anyway go first, and cost no availability',
    spec: { strategy: { rollingUpdate: { maxSurge: 1, maxUnavailable: 1 } } },
    events: [
      ['The user applies the MachineDeployment', nothing],
      ["A worker's Node turns NotReady", (world) => setReady(world, oldest(world), false)],
      ['The user writes another Kubernetes version', roll('v1.36.0')],
    ],
  },
  deadlock: {
    title: 'A rollout that would wait for itself is set going: the ill Machine goes although the minimum is not there',
    events: [
      ['The user applies the MachineDeployment', nothing],
      ["A worker's Node turns NotReady", (world) => setReady(world, oldest(world), false)],
      ['The user writes another Kubernetes version', roll('v1.36.0')],
    ],
  },
  'bad-image': {
    title: 'Machines that never come up stop the rollout; three workers keep running, and a way back is open',
    events: [
      ['The user applies the MachineDeployment', nothing],
      [
        'The user writes a version that does not boot',
        (world) => {
          world.comesUp = (machine) => machine.spec.versions?.kubelet !== 'v6.6.6';
          roll('v6.6.6')(world);
        },
        23,
      ],
      ['The user goes back', roll('v1.35.0')],
    ],
  },
  'execution-lost': {
    title: 'An execution that is lost is followed by the next attempt',
    events: [
      ['The user applies the MachineDeployment', nothing],
      ['The user writes another Kubernetes version', roll('v1.36.0'), 2],
      ['The execution is aborted', abortExecutions],
    ],
  },
  'in-place': {
    title: 'Taints, labels and timeouts reach the Machines that run; none is replaced',
    events: [
      ['The user applies the MachineDeployment', nothing],
      [
        'The user adds a taint and a drain timeout',
        (world) =>
          patchSpec(world, {
            template: { spec: { taints: [{ key: 'gpu', effect: 'NoSchedule' }], deletion: { nodeDrainTimeoutSeconds: 300 } } },
          }),
      ],
    ],
  },
  restart: {
    title: 'A restart replaces every Machine although the template is the same',
    spec: { replicas: 1 },
    events: [
      ['The user applies the MachineDeployment', nothing],
      ['The user asks for a restart', (world) => patchSpec(world, { rolloutAfter: new Date(world.now).toISOString() })],
    ],
  },
  delete: {
    title: 'A MachineDeployment goes when the last of its Machines is gone',
    spec: { replicas: 2 },
    events: [
      ['The user applies the MachineDeployment', nothing],
      ['The user deletes the MachineDeployment', (world) => markDeleted(world, deploymentIn(world)!)],
    ],
  },
};

describe('rollout stories', () => {
  it.each(Object.entries(stories))('%s', (name, story) => {
    const text = tellStory(story);
    const file = new URL(`./stories/${name}.txt`, import.meta.url);
    if (process.env.UPDATE !== undefined) writeFileSync(file, text);
    expect(existsSync(file) ? readFileSync(file, 'utf8') : 'a story that was never told: run with UPDATE=1').toBe(text);
  });
});

function tellStory({ title, spec = {}, events }: Story): string {
  const world = createWorld(spec);
  const text = [title, ''];
  for (const [sentence, act, rounds] of events) {
    act(world);
    text.push(`${sentence}.`, ...play(world, rounds), '');
  }
  return text.join('\n');
}

/** So many rounds, or until nothing has happened for three. */
function play(world: World, rounds?: number): string[] {
  const text: string[] = [];
  let quiet = 0;
  for (let i = 1; rounds === undefined ? quiet < 3 : i <= rounds; i++) {
    round(world);
    const told = world.told.splice(0);
    quiet = told.length > 0 ? 0 : quiet + 1;
    if (told.length > 0)
      text.push(`  round ${i}`, ...told.flatMap((line) => line.split('\n').map((part) => `    ${part}`)), `    = ${counts(world)}`);
  }
  return [...text, `  in the end: ${summary(world)}`];
}

function counts(world: World): string {
  const machines = machinesIn(world);
  const ready = machines.filter((m) => m.metadata.deletionTimestamp === undefined && m.status?.conditions?.[0]?.status === 'True');
  const sets = setsIn(world).map((set) => `${set.metadata.name} ${set.status?.replicas}/${set.spec.replicas}`);
  return `${ready.length} of ${machines.length} Machines ready; ${sets.join(', ') || 'no MachineSets'}`;
}

function summary(world: World): string {
  const status = deploymentIn(world)?.status;
  if (status === undefined) return `nothing is left; ${counts(world)}`;
  const progressing = status.conditions?.find((condition) => condition.type === 'Progressing');
  return `${status.phase}, Progressing ${progressing?.status} (${progressing?.reason}), ${status.updatedReplicas} up to date; ${counts(world)}`;
}
