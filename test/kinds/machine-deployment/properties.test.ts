import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { planMachineDeployment } from '../../../shared/kinds/machine-deployment/plan.ts';
import { isComplete } from '../../../shared/kinds/machine-deployment/progress.ts';
import { alignCurrent, scaleDownOld } from '../../../shared/kinds/machine-deployment/rolling-update.ts';
import { type Intents, intended, nothingIntended, type Situation, total } from '../../../shared/kinds/machine-deployment/situation.ts';
import { planMachineSet } from '../../../shared/kinds/machine-set/plan.ts';
import { templateWith } from './manifest.ts';
import {
  advanceMachine,
  continueRollouts,
  createWorld,
  deploymentIn,
  factsFor,
  factsForSet,
  machinesIn,
  patchSpec,
  reconcileDeployment,
  reconcileSet,
  round,
  setsIn,
  type World,
} from './world.ts';

const set = (name: string) =>
  fc
    .tuple(fc.nat({ max: 8 }), fc.nat({ max: 10 }), fc.nat({ max: 10 }))
    .map(([desired, existing, available]) => ({ name, createdAt: 0, desired, existing, available: Math.min(existing, available) }));

/** Any counts, but that the current MachineSet is not itself being scaled down, which is no part of a rollout. */
const situations: fc.Arbitrary<Situation> = fc
  .record({
    replicas: fc.nat({ max: 10 }),
    maxSurge: fc.nat({ max: 5 }),
    maxUnavailable: fc.nat({ max: 5 }),
    current: set('new'),
    old: fc.tuple(set('ms1'), set('ms2'), set('ms3')),
  })
  .map(({ replicas, maxSurge, maxUnavailable, current, old }) => {
    const desired = Math.min(current.desired, replicas);
    const existing = Math.min(current.existing, desired);
    const available = Math.min(current.available, existing);
    return {
      replicas,
      maxSurge,
      maxUnavailable: Math.min(maxUnavailable, replicas),
      current: { ...current, desired, existing, available },
      old,
    };
  });

const setsOf = ({ current, old }: Situation) => [current, ...old];
/** What stays available if of each MachineSet the available Machines go first. */
const availableAtWorst = (situation: Situation, intents: Intents) =>
  total(setsOf(situation), (each) => each.available - Math.min(each.available, Math.max(each.existing - intended(intents, each), 0)));
const machinesAtMost = (situation: Situation, intents: Intents) =>
  total(setsOf(situation), (each) => Math.max(intended(intents, each), each.existing));

describe('a step of a rolling update, from any counts whatever', () => {
  it('leaves replicas - maxUnavailable available even at worst, or takes none away', () => {
    fc.assert(
      fc.property(situations, (situation) => {
        const grown = alignCurrent(situation, nothingIntended);
        const before = availableAtWorst(situation, grown);
        const after = availableAtWorst(situation, scaleDownOld(situation, grown));
        expect(after).toBeGreaterThanOrEqual(Math.min(before, situation.replicas - situation.maxUnavailable));
      }),
      { numRuns: 1000 },
    );
  });

  it('asks for no Machine above replicas + maxSurge', () => {
    fc.assert(
      fc.property(situations, (situation) => {
        const before = machinesAtMost(situation, nothingIntended);
        const after = machinesAtMost(situation, scaleDownOld(situation, alignCurrent(situation, nothingIntended)));
        expect(after).toBeLessThanOrEqual(Math.max(before, situation.replicas + (situation.maxSurge ?? 0)));
      }),
      { numRuns: 1000 },
    );
  });

  it('never scales an old MachineSet up', () => {
    fc.assert(
      fc.property(situations, (situation) => {
        const intents = scaleDownOld(situation, alignCurrent(situation, nothingIntended));
        for (const old of situation.old) expect(intended(intents, old)).toBeLessThanOrEqual(old.desired);
      }),
    );
  });
});

interface Rollout {
  readonly replicas: number;
  readonly maxSurge: number;
  readonly maxUnavailable: number;
}

const rollouts: fc.Arbitrary<Rollout> = fc
  .record({ replicas: fc.integer({ min: 1, max: 5 }), maxSurge: fc.nat({ max: 4 }), maxUnavailable: fc.nat({ max: 4 }) })
  .filter(({ maxSurge, maxUnavailable }) => maxSurge + maxUnavailable > 0);

/** A world at rest whose template has just been changed. */
function rollingWorld({ replicas, maxSurge, maxUnavailable }: Rollout): World {
  const world = createWorld({ replicas, strategy: { rollingUpdate: { maxSurge, maxUnavailable } } });
  round(world);
  patchSpec(world, { template: templateWith({ versions: { kubelet: 'v1.36.0' } }) });
  return world;
}

/** Everybody's turns of one round in a random order: 30 % are left out, 30 % come again. */
function scramble(world: World, chance: () => number): void {
  const turns = [
    () => reconcileDeployment(world),
    () => continueRollouts(world),
    ...setsIn(world).map(
      ({ metadata }) =>
        () =>
          reconcileSetNamed(world, metadata.name),
    ),
    ...machinesIn(world).map(
      ({ metadata }) =>
        () =>
          advanceNamed(world, metadata.name),
    ),
  ];
  const order = turns
    .flatMap((turn) => (chance() < 0.3 ? [] : chance() < 0.3 ? [turn, turn] : [turn]))
    .map((turn) => ({ turn, at: chance() }));
  for (const { turn } of order.sort((a, b) => a.at - b.at)) {
    turn();
    world.now += 1000;
  }
}

function reconcileSetNamed(world: World, name: string): void {
  const found = setsIn(world).find(({ metadata }) => metadata.name === name);
  if (found !== undefined) reconcileSet(world, found);
}

function advanceNamed(world: World, name: string): void {
  const found = machinesIn(world).find(({ metadata }) => metadata.name === name);
  if (found !== undefined) advanceMachine(world, found);
}

/** Numbers from a seed, 0 to 1 (mulberry32). */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

const isReady = (machine: ReturnType<typeof machinesIn>[number]) =>
  machine.metadata.deletionTimestamp === undefined && machine.status?.conditions?.[0]?.status === 'True';

describe('a rollout in any order of events', () => {
  it('keeps its limits at every moment, uses no name twice, and comes to its end', () => {
    fc.assert(
      fc.property(rollouts, fc.integer(), (rollout, seed) => {
        const world = rollingWorld(rollout);
        const chance = seeded(seed);
        const { replicas, maxSurge, maxUnavailable } = rollout;
        let rounds = 0;
        while (!(isComplete(factsFor(world, 'reconcile')) && setsIn(world).length === 2)) {
          expect(rounds++).toBeLessThan(150);
          scramble(world, chance);
          expect(machinesIn(world).filter(isReady).length).toBeGreaterThanOrEqual(replicas - Math.min(maxUnavailable, replicas));
          expect(machinesIn(world).length).toBeLessThanOrEqual(replicas + maxSurge);
        }
        expect(machinesIn(world).every((machine) => machine.spec.versions?.kubelet === 'v1.36.0')).toBe(true);
      }),
      { numRuns: 100 },
    );
  });

  it('does nothing twice: what was planned and carried out is not planned again', () => {
    fc.assert(
      fc.property(rollouts, fc.integer(), fc.nat({ max: 12 }), (rollout, seed, rounds) => {
        const world = rollingWorld(rollout);
        const chance = seeded(seed);
        for (let i = 0; i < rounds; i++) scramble(world, chance);
        reconcileDeployment(world);
        continueRollouts(world);
        for (const each of setsIn(world)) reconcileSet(world, each);
        expect(deploymentIn(world)).toBeDefined();
        const execution = [...world.executions].find(([, running]) => running)?.[0];
        if (execution !== undefined && world.told.length === 0)
          expect(planMachineDeployment(factsFor(world, 'rollout', execution)).operations).toEqual([]);
        for (const each of setsIn(world)) expect(planMachineSet(factsForSet(world, each)).operations).toEqual([]);
      }),
      { numRuns: 60 },
    );
  });

  it('plans the same from the same facts, and changes none of them', () => {
    fc.assert(
      fc.property(rollouts, fc.integer(), fc.nat({ max: 12 }), (rollout, seed, rounds) => {
        const world = rollingWorld(rollout);
        const chance = seeded(seed);
        for (let i = 0; i < rounds; i++) scramble(world, chance);
        for (const by of ['reconcile', 'rollout'] as const) {
          const facts = factsFor(world, by);
          const before = structuredClone(facts);
          expect(planMachineDeployment(facts)).toEqual(planMachineDeployment(facts));
          expect(facts).toEqual(before);
        }
      }),
      { numRuns: 30 },
    );
  });
});
