import { exportPlane } from '../../infra/move/export.ts';
import { decode, encode } from '../../infra/move/file/format.ts';
import { type Imported, importPlane } from '../../infra/move/import.ts';
import type { Place } from '../../infra/move/place.ts';
import { secret } from '../../shared/kinds/core/secret.ts';
import { machine } from '../../shared/kinds/machine/kind.ts';
import { createMemoryStore } from '../../shared/store/memory.ts';
import { ensureNamespaces } from '../../shared/store/namespaces.ts';
import { aesSealer, type Key } from '../../shared/store/seal.ts';
import type { Store } from '../../shared/store/store.ts';
import { seededRandom, virtualClock } from '../clock.ts';
import { lotOf } from '../plane/chance.ts';
import { calm } from '../plane/chaos.ts';
import { createCloud } from '../plane/cloud.ts';
import { createFleet } from '../plane/fleet.ts';
import { createLaws } from '../plane/laws.ts';
import { observed } from '../plane/laws-of-the-store.ts';
import { startLives } from '../plane/lives.ts';
import { type CloudName, credentialsOf, reserved } from '../plane/objects.ts';
import type { Simulation } from '../plane/simulation.ts';
import { createTrail, scene } from '../plane/trail.ts';
import { userOf } from '../plane/user.ts';

/** Clouds and nodes, and one plane after the other that looks after them: one process of tests is one host at a time. */
export interface World {
  /** Starts a plane with a store, keys and executions of its own. */
  plane(options?: { readonly credentials: boolean }): Promise<MovablePlane>;
  /** Every instance that was ever made. */
  instances(): Seen[];
}

export interface Seen {
  readonly id: string;
  readonly deleted: boolean;
}

export interface MovablePlane extends Simulation {
  /** What export and import have told so far. */
  readonly told: readonly string[];
  /** The file that an export would write. */
  export(options?: { readonly pause?: boolean; readonly waitMs?: number; readonly signal?: AbortSignal }): Promise<Buffer>;
  import(file: Buffer, options?: { readonly keepPaused?: boolean; readonly store?: Store }): Promise<Imported>;
}

export function createWorld(seed = 1): World {
  const random = seededRandom(seed);
  const lot = lotOf(seededRandom(seed + 1_000_000));
  const clock = virtualClock();
  const laws = createLaws();
  const trail = createTrail(() => clock.now());
  const cloud = (platform: CloudName, addresses: readonly string[]) =>
    createCloud({ platform, clock, lot, laws, reserved: addresses, full: () => 0 });
  const clouds = { east: cloud('east', reserved), west: cloud('west', []) };
  const all = Object.values(clouds);
  const fleet = createFleet({ clock, random, laws, clouds: all });

  async function pass(seconds: number): Promise<void> {
    await clock.advance(seconds * 1000);
    const [violation] = laws.violations;
    if (violation !== undefined) throw new Error(`${violation}\n${trail.lines()}`);
  }

  async function plane({ credentials } = { credentials: false }): Promise<MovablePlane> {
    const key: Key = { id: random.uuid(), bytes: random.bytes(32) };
    const sealer = aesSealer({ current: () => key, byId: (id) => (id === key.id ? key : undefined) }, random);
    let lives: ReturnType<typeof startLives> | undefined;
    const memory = createMemoryStore({ clock, random, sealer, committed: (record) => lives?.current().committed(record) });
    await ensureNamespaces(memory);
    if (credentials) for (const platform of ['east', 'west'] as const) await memory.create(secret, credentialsOf(platform, 'good'));
    const store = observed(memory, laws);
    const parts = { clock, random, log: trail.log, sealer, store, clouds: all, fleet, journal: [], joinTimeout: 600 };
    const alive = startLives(parts, lot, () => calm);
    lives = alive;
    await clock.advance(0);
    const executions = () => alive.current().conductor.all();
    const told: string[] = [];
    const ports = { clock, tell: (says: string) => void told.push(says) };
    const place: Place = {
      describe: 'a plane',
      store,
      quietMs: 5_000,
      running: async () => executions().flatMap(({ name, status }) => (status === 'RUNNING' ? [name] : [])),
      close: async () => {},
    };

    async function until(what: string, holds: () => Promise<boolean> | boolean, seconds = 1_800): Promise<void> {
      for (let passed = 0; !(await holds()); passed += 2) {
        if (passed >= seconds) throw new Error(`not so after ${seconds} s: ${what}\n${await scene(store)}\n${trail.lines()}`);
        await pass(2);
      }
    }

    async function whileTimePasses<T>(work: Promise<T>): Promise<T> {
      let over = false;
      const end = () => {
        over = true;
      };
      work.then(end, end);
      await until('it is over', () => over, 7_200);
      return work;
    }

    return {
      ...userOf(store, clock),
      ...alive,
      store,
      clouds,
      fleet,
      lot,
      executions,
      pass,
      until,
      now: () => clock.now(),
      machines: async () => (await store.list(machine)).items,
      stop: (which) => alive.current().conductor.stop(which),
      let: () => {},
      told,
      export: ({ pause = true, waitMs = 1_800_000, ...rest } = {}) => {
        const about = { plane: place.describe, exportedAt: new Date(clock.now()).toISOString() };
        return whileTimePasses(exportPlane(place, { pause, waitMs, ...rest }, async (objects) => encode(objects, about).bytes, ports));
      },
      import: (file, { keepPaused = false, store: through = store } = {}) => {
        const { header, objects } = decode(file);
        return whileTimePasses(importPlane({ ...place, store: through }, { objects, from: header.sha256 }, { keepPaused }, ports));
      },
    };
  }

  return {
    plane,
    instances: () =>
      all.flatMap(({ instances }) => instances.map(({ id, goneAt }) => ({ id, deleted: goneAt < Number.POSITIVE_INFINITY }))),
  };
}
