import type { Lot } from './chance.ts';
import type { Chaos, Life } from './chaos.ts';
import { type Process, startProcess, type World } from './process.ts';

/** The processes of a plane, one after the other. */
export interface Lives {
  /** The one that runs, or ran last. */
  current(): Process;
  /** It dies; another one starts after a while. */
  kill(): void;
  /** It dies; another one starts when `resume` says so. */
  halt(): void;
  resume(): void;
  /** The last one dies. */
  end(): void;
}

export function startLives(world: World, lot: Lot, chaos: () => Chaos): Lives {
  let life = begin();
  let halted = false;
  let over = false;

  function begin(): { readonly process: Process; end(): void } {
    let alive = true;
    let process: Process | undefined;
    const self: Life = {
      alive: () => alive,
      end() {
        if (!alive) return;
        alive = false;
        world.log.warn('the process dies');
        process?.conductor.close();
        void world.clock.sleep(lot.between(1_000, 20_000)).then(() => {
          if (!halted && !over) life = begin();
        });
      },
      chaos,
      lot,
      sleep: (ms) => world.clock.sleep(ms),
    };
    world.log.info('a process starts');
    const started = startProcess(world, self);
    process = started;
    // It may die over the first thing it does.
    if (!alive) started.conductor.close();
    return { process: started, end: self.end };
  }

  return {
    current: () => life.process,
    kill: () => life.end(),
    halt() {
      halted = true;
      life.end();
    },
    resume() {
      halted = false;
      life = begin();
    },
    end() {
      over = true;
      life.end();
    },
  };
}
