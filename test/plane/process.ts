import type { Context, DynamoDBStreamEvent } from 'aws-lambda';
import * as cluster from '../../functions/cluster.ts';
import * as collector from '../../functions/collect.ts';
import * as dispatcher from '../../functions/dispatch.ts';
import * as machine from '../../functions/machine.ts';
import * as machineDeployment from '../../functions/machine-deployment.ts';
import * as machineSet from '../../functions/machine-set.ts';
import { steps } from '../../functions/steps.ts';
import { sweep } from '../../functions/sweep.ts';
import { every } from '../../infra/local/every.ts';
import { createTableStream } from '../../infra/local/table-stream.ts';
import { createWakeQueue } from '../../infra/local/wake-queue.ts';
import type { StepCall } from '../../shared/kinds/workflow.ts';
import type { ExecutionEnded } from '../../shared/lambda/execution.ts';
import { useHost } from '../../shared/lambda/host.ts';
import { cloudStepDoor } from '../../shared/lambda/step.ts';
import type { Clock, Log, Random, WakeQueue } from '../../shared/ports.ts';
import type { Cloud } from '../../shared/provisioners/provisioner.ts';
import { cloudSteps } from '../../shared/steps/cloud-steps.ts';
import { concernsCollector, type StreamRecord } from '../../shared/store/record.ts';
import type { Sealer } from '../../shared/store/seal.ts';
import type { Store } from '../../shared/store/store.ts';
import { plainBootstrap } from './bootstrap.ts';
import { forever, type Life, pass, through } from './chaos.ts';
import type { FakeCloud } from './cloud.ts';
import { type Conductor, createConductor } from './executions.ts';
import type { Fleet } from './fleet.ts';

/** What outlives a process. */
export interface World {
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  readonly sealer: Sealer;
  readonly store: Store;
  readonly clouds: readonly FakeCloud[];
  readonly fleet: Fleet;
  /** The journal of executions. */
  readonly journal: string[];
  /** Seconds that a running instance may take to become a Node. */
  readonly joinTimeout: number;
}

/** One process of the plane: its queues and its stream end with it. */
export interface Process {
  /** The store tells of what was written. */
  committed(record: StreamRecord): void;
  readonly conductor: Conductor;
  /** What waits to be reconciled, or is being. */
  depth(): number;
}

/** What AWS tells a function of its surroundings; without the time that is left, no real timer is set. */
const context = {} as Context;

/** Starts the doors of `functions/` over ports that go wrong as the life's chaos says. */
export function startProcess(world: World, life: Life): Process {
  const { log, random } = world;
  const clock = mortal(world.clock, life);
  const store = through(world.store, 'store', life, ['version', 'watch', 'dueAt']);
  const clouds = world.clouds.map((cloud) => flaky(cloud, life));
  const doors = new Map(clouds.map((cloud) => [`clouds-${cloud.platform}`, cloudStepDoor(cloud, cloudSteps)]));

  const call = (name: string, payload: unknown): Promise<unknown> => {
    const door = name === 'steps' ? steps : doors.get(name);
    if (door === undefined) throw new Error(`no function ${name}`);
    return pass(`lambda.${name}`, life, () => door(payload as StepCall, context));
  };

  const queue = gossiping(
    createWakeQueue({
      clock,
      log,
      consumers: {
        'Cluster.cluster.k8s.io': (batch) => cluster.reconcile(batch, context),
        'Machine.cluster.k8s.io': (batch) => machine.reconcile(batch, context),
        'MachineSet.cluster.k8s.io': (batch) => machineSet.reconcile(batch, context),
        'MachineDeployment.cluster.k8s.io': (batch) => machineDeployment.reconcile(batch, context),
      },
    }),
    life,
  );

  const ended = async (execution: { name: string; status: string; input: unknown }): Promise<void> => {
    const { name, status, input } = execution;
    if (!life.alive() || life.lot.falls(life.chaos().untold)) return;
    const detail = { executionArn: name, name, status, input: JSON.stringify(input) };
    await dispatcher.executions({ detail } as ExecutionEnded, context);
  };

  const conductor = createConductor({
    clock,
    random,
    lines: world.journal,
    invoke: (name, payload) => call(name, payload),
    // Nobody asks again: whoever should have heard finds out by itself.
    ended: (execution) =>
      void ended(execution).catch((error: unknown) => log.warn('the end of an execution was not told', { error: String(error) })),
  });

  useHost({
    store,
    sealer: world.sealer,
    queue,
    clock,
    random,
    log,
    nodes: {
      talos: (config, endpoint) => through(world.fleet.talos(config, endpoint), 'talos', life),
      kubernetes: (config) => through(world.fleet.kubernetes(config), 'kubernetes', life),
    },
    bootstrap: plainBootstrap({ clock, random }),
    workflows: {
      start: (...args) => pass('workflows.start', life, () => conductor.start(...args)),
      describe: (...args) => pass('workflows.describe', life, () => conductor.describe(...args)),
    },
    authenticate: async () => undefined,
    invoke: (lambda, looks) => call(lambda === 'steps' ? 'steps' : `clouds-${lambda}`, looks),
    collect: (ask) => pass('lambda.collect', life, () => collector.collect({ collect: ask }, context)),
    endpointOf: () => undefined,
    settings: { joinTimeout: world.joinTimeout, pace: { share: 4, atLeast: 1, atMost: 15 } },
  });

  // Not before there is a host: what goes on calls its steps at once.
  conductor.goOn();
  const stream = createTableStream(
    (event: DynamoDBStreamEvent) => (life.alive() ? dispatcher.dispatch(event, context) : forever()),
    clock,
    log,
  );
  const ends = createTableStream(
    async (event: DynamoDBStreamEvent) =>
      life.alive() ? ((await collector.collect(event, context)) ?? { batchItemFailures: [] }) : forever(),
    clock,
    log,
  );
  const tick = () => sweep({ time: new Date(clock.now()).toISOString() }, context);
  every(60_000, clock, () => (life.alive() ? tick() : forever()), log);

  return {
    conductor,
    depth: () => queue.depth(),
    committed(record) {
      if (!life.alive()) return;
      if (!life.lot.falls(life.chaos().untold)) stream.append(record);
      if (concernsCollector(record) && !life.lot.falls(life.chaos().untold)) ends.append(record);
    },
  };
}

/** A clock that wakes nobody who is dead. */
const mortal = (clock: Clock, life: Life): Clock => ({
  now: () => clock.now(),
  sleep: async (ms, signal) => {
    await clock.sleep(ms, signal);
    return life.alive() ? undefined : forever();
  },
});

/** The cloud as this process reaches it. */
const flaky = (cloud: FakeCloud, life: Life): Cloud => ({
  ...cloud,
  open(options) {
    const provisioner = cloud.open(options);
    return {
      machines: through(provisioner.machines, `${cloud.platform}.machines`, life),
      addresses: through(provisioner.addresses, `${cloud.platform}.addresses`, life),
      firewall: through(provisioner.firewall, `${cloud.platform}.firewall`, life),
      close: () => {},
    } as ReturnType<Cloud['open']>;
  },
});

/** A queue that loses wakes and tells some twice. */
function gossiping<Queue extends WakeQueue>(queue: Queue, life: Life): Queue {
  const { lot } = life;
  return {
    ...queue,
    send: (wakes) =>
      pass('queue.send', life, () => {
        const { untold, twice } = life.chaos();
        const told = wakes.filter(() => !lot.falls(untold)).flatMap((wake) => (lot.falls(twice) ? [wake, wake] : [wake]));
        return queue.send(told);
      }),
  };
}
