import { Conflict } from '../../shared/errors.ts';
import { canonical } from '../../shared/kinds/canonical.ts';
import { cluster } from '../../shared/kinds/cluster/kind.ts';
import { secret as secretKind } from '../../shared/kinds/core/secret.ts';
import type { Kind } from '../../shared/kinds/define-kind.ts';
import { type MachineObject, machine } from '../../shared/kinds/machine/kind.ts';
import { machineDeployment } from '../../shared/kinds/machine-deployment/kind.ts';
import type { KubeObject, ObjectName } from '../../shared/kinds/object.ts';
import type { Log } from '../../shared/ports.ts';
import { beginDeletion } from '../../shared/reconcile/deletion.ts';
import { createMemoryStore } from '../../shared/store/memory.ts';
import { ensureNamespaces } from '../../shared/store/namespaces.ts';
import { aesSealer, type Key } from '../../shared/store/seal.ts';
import { seededRandom, virtualClock } from '../clock.ts';
import { type Lot, lotOf } from './chance.ts';
import { type Chaos, calm, type Life } from './chaos.ts';
import { createCloud, type FakeCloud } from './clouds.ts';
import type { NamedExecution } from './executions.ts';
import { createFleet, type Fleet } from './fleet.ts';
import { createLaws } from './laws.ts';
import { type ObservedStore, observed } from './laws-of-the-store.ts';
import { type CloudName, credentialsOf, reserved } from './objects.ts';
import { type Process, startProcess, type World } from './process.ts';

/** A whole plane in one process, on a clock of its own: the real doors, queues and state machines over worlds in memory. */
export interface Simulation {
  readonly store: ObservedStore;
  readonly clouds: Readonly<Record<CloudName, FakeCloud>>;
  readonly fleet: Fleet;
  /** Decisions of the story itself, from the same seed. */
  readonly lot: Lot;
  now(): number;
  /** What a user does: each is one write, which is told as any other. */
  apply<T extends KubeObject>(kind: Kind<T>, object: T): Promise<T>;
  change<T extends KubeObject>(kind: Kind<T>, name: string | ObjectName, change: (object: T) => T): Promise<T>;
  remove(kind: Kind, name: string | ObjectName): Promise<void>;
  get<T extends KubeObject>(kind: Kind<T>, name: string | ObjectName): Promise<T>;
  machines(): Promise<MachineObject[]>;
  executions(): NamedExecution[];
  /** Sentences of the log, the latest last. */
  said(): readonly string[];
  /** From now on goes wrong what chaos says. */
  let(chaos: Chaos): void;
  /** The process is killed, and another one started after a while. */
  kill(): void;
  /** The process is killed, and none is started until `resume`. */
  halt(): void;
  resume(): void;
  /** Somebody stops these executions. */
  stop(which: (execution: NamedExecution) => boolean): void;
  pass(seconds: number): Promise<void>;
  /** Lets time pass until it holds. Throws when `seconds` have passed, or a law was broken. */
  until(what: string, holds: () => Promise<boolean> | boolean, seconds?: number): Promise<void>;
  /** Nothing more happens in it. */
  end(): void;
}

export interface SimulationOptions {
  readonly seed?: number;
  readonly chaos?: Chaos;
  readonly joinTimeout?: number;
  /** Clouds whose credentials are there from the start; both if absent. */
  readonly credentials?: readonly CloudName[];
}

const key: Key = { id: 'simulation', bytes: new Uint8Array(32).fill(7) };
const keyRing = { current: () => key, byId: () => key };

export async function simulate(options: SimulationOptions = {}): Promise<Simulation> {
  const { seed = 1, joinTimeout = 600, credentials = ['east', 'west'] } = options;
  const random = seededRandom(seed);
  const lot = lotOf(seededRandom(seed + 1_000_000));
  const clock = virtualClock();
  const laws = createLaws();
  const sealer = aesSealer(keyRing, random);
  let chaos = options.chaos ?? calm;

  const cloud = (platform: CloudName, addresses: readonly string[]) =>
    createCloud({ platform, clock, lot, laws, reserved: addresses, full: () => chaos.full });
  const clouds = { east: cloud('east', reserved), west: cloud('west', []) };
  const fleet = createFleet({ clock, random, laws, clouds: Object.values(clouds) });

  const trail: string[] = [];
  const log = logTo(trail, () => clock.now());
  let process: Process | undefined;
  const memory = createMemoryStore({ clock, random, sealer, committed: (record) => process?.committed(record) });
  await ensureNamespaces(memory);
  const store = observed(memory, laws);
  const world: World = { clock, random, log, sealer, store, clouds: Object.values(clouds), fleet, journal: [], joinTimeout };

  let over = false;
  let halted = false;
  let life: Life;
  function live(): void {
    let alive = true;
    life = {
      alive: () => alive && !over,
      end() {
        if (!alive) return;
        alive = false;
        log.warn('the process dies');
        process?.conductor.close();
        void clock.sleep(lot.between(1_000, 20_000)).then(() => over || halted || live());
      },
      chaos: () => chaos,
      lot,
      sleep: (ms) => clock.sleep(ms),
    };
    log.info('a process starts');
    process = startProcess(world, life);
  }
  live();

  async function change<T extends KubeObject>(kind: Kind<T>, name: string | ObjectName, edit: (object: T) => T): Promise<T> {
    for (;;) {
      const object = await get(kind, name);
      const edited = edit(object);
      const raised = canonical(edited.spec) !== canonical(object.spec) ? (object.metadata.generation ?? 1) + 1 : object.metadata.generation;
      try {
        return await store.update(kind, { ...edited, metadata: { ...edited.metadata, generation: raised } }, dueNow(kind));
      } catch (error) {
        if (!(error instanceof Conflict)) throw error;
      }
    }
  }

  async function remove(kind: Kind, name: string | ObjectName): Promise<void> {
    for (;;) {
      try {
        await beginDeletion(store, kind, await get(kind, name), clock.now());
        return;
      } catch (error) {
        if (!(error instanceof Conflict)) throw error;
      }
    }
  }

  async function get<T extends KubeObject>(kind: Kind<T>, name: string | ObjectName): Promise<T> {
    const at = typeof name === 'string' ? { namespace: 'default', name } : name;
    const object = await store.get(kind, at);
    if (object === undefined) throw new Error(`there is no ${kind.kind} ${at.namespace}/${at.name}`);
    return object;
  }

  const dueNow = (kind: Kind) => (kind.reconciled ? { dueAt: clock.now() } : {});

  function keepTheLaws(): void {
    const [violation] = laws.violations;
    if (violation !== undefined) throw new Error(`seed ${seed}: ${violation}\n${trail.join('\n')}`);
  }

  async function until(what: string, holds: () => Promise<boolean> | boolean, seconds = 1_800): Promise<void> {
    for (let passed = 0; !(await holds()); passed += 2) {
      keepTheLaws();
      if (passed >= seconds) throw new Error(`seed ${seed}: not so after ${seconds} s: ${what}\n${await scene()}\n${trail.join('\n')}`);
      await clock.advance(2_000);
    }
    keepTheLaws();
  }

  /** What there is, in short. */
  async function scene(): Promise<string> {
    const { items } = await store.list(machine);
    const { items: deployments } = await store.list(machineDeployment);
    const { items: clusters } = await store.list(cluster);
    const running = process?.conductor.all().filter(({ status }) => status === 'RUNNING') ?? [];
    return [
      ...items.map(({ metadata, status }) => `Machine ${metadata.name}: ${JSON.stringify(status)}`),
      ...[...deployments, ...clusters].map(({ kind, metadata, status }) => `${kind} ${metadata.name}: ${JSON.stringify(status)}`),
      ...running.map(({ name }) => `running: ${name}`),
      `${process?.depth()} objects wait to be reconciled`,
    ].join('\n');
  }

  for (const platform of credentials) await store.create(secretKind, credentialsOf(platform, 'good'));
  await clock.advance(0);

  return {
    store,
    clouds,
    fleet,
    lot,
    now: () => clock.now(),
    apply: (kind, object) => store.create(kind, object, dueNow(kind)),
    change,
    remove,
    get,
    machines: async () => (await store.list(machine)).items,
    executions: () => process?.conductor.all() ?? [],
    said: () => trail,
    let(next) {
      chaos = next;
    },
    kill: () => life.end(),
    halt() {
      halted = true;
      life.end();
    },
    resume() {
      halted = false;
      live();
    },
    stop: (which) => process?.conductor.stop(which),
    async pass(seconds) {
      await clock.advance(seconds * 1000);
      keepTheLaws();
    },
    until,
    end() {
      over = true;
      process?.conductor.close();
    },
  };
}

const remembered = 80;

function logTo(trail: string[], now: () => number): Log {
  const began = now();
  const write = (level: string) => (sentence: string, fields?: Record<string, unknown>) => {
    trail.push(
      `${((now() - began) / 1000).toFixed(1).padStart(8)} ${level} ${sentence} ${fields === undefined ? '' : JSON.stringify(fields)}`,
    );
    if (trail.length > remembered) trail.shift();
  };
  return { debug: write('debug'), info: write('info'), warn: write('warn'), error: write('error') };
}
