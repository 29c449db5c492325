import { type ChildProcess, fork } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { FromInstance, Spent, ToInstance } from './instance.ts';

/** How a function is started. */
export interface FunctionSettings {
  readonly name: string;
  /** index.mjs of its bundle. */
  readonly bundle: string;
  readonly environment: Readonly<Record<string, string>>;
  /** MB. */
  readonly memory: number;
  /** Lines that the function logs. */
  log(line: string): void;
}

/** A function that failed, with the name of what it threw, which state machines catch. */
export class FunctionFailed extends Error {
  constructor(errorType: string, errorMessage: string) {
    super(errorMessage);
    this.name = errorType;
  }
}

interface Instance {
  readonly process: ChildProcess;
  /** ms that it took to load. */
  readonly loaded: number;
}

/** In the order in which it happened. */
export interface Figures {
  /** ms to load an instance. */
  readonly loaded: number[];
  /** Bytes of memory after each event. */
  readonly rss: number[];
  /** ms of processor time of each event. */
  readonly cpuMs: number[];
}

export interface Functions {
  /** Its answer. Each chunk of a stream goes to `chunk` as it comes. Throws FunctionFailed. */
  invoke(name: string, event: unknown, chunk?: (bytes: Uint8Array) => void): Promise<unknown>;
  /** By function: what loading its instances and handling its events has taken so far. */
  readonly measured: ReadonlyMap<string, Figures>;
  close(): Promise<void>;
}

const note = ({ rss, cpuMs }: Figures, spent: Spent): void => {
  rss.push(spent.rss);
  cpuMs.push(spent.cpuMs);
};

/** Lambda: an instance handles one event at a time; when all are busy another is started. */
export function createFunctions(settings: readonly FunctionSettings[]): Functions {
  const byName = new Map(settings.map((each) => [each.name, each]));
  const idle = new Map<string, Instance[]>();
  const all = new Set<ChildProcess>();
  const measured = new Map<string, Figures>();
  const figures = (name: string) => measured.get(name) ?? measured.set(name, { loaded: [], rss: [], cpuMs: [] }).get(name)!;

  async function start({ name, bundle, environment, memory, log }: FunctionSettings): Promise<Instance> {
    const child = fork(fileURLToPath(new URL('./instance.ts', import.meta.url)), [pathToFileURL(bundle).href], {
      // As the runtime of Lambda limits the heap.
      execArgv: [`--max-semi-space-size=${Math.ceil(memory * 0.05)}`, `--max-old-space-size=${Math.floor(memory * 0.9)}`],
      env: { PATH: process.env.PATH ?? '', NODE_NO_WARNINGS: '1', ...environment },
      serialization: 'advanced',
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    });
    all.add(child);
    child.once('exit', () => all.delete(child));
    for (const out of [child.stdout!, child.stderr!])
      out.setEncoding('utf8').on('data', (text: string) => text.split('\n').filter(Boolean).forEach(log));
    const loaded = await new Promise<number>((resolve, reject) => {
      child.once('message', (message: FromInstance) => resolve('loaded' in message ? message.loaded : 0));
      child.once('exit', (code) => reject(new Error(`${name} did not load (exit ${code})`)));
    });
    figures(name).loaded.push(loaded);
    return { process: child, loaded };
  }

  const handle = (name: string, { process: child }: Instance, event: unknown, chunk: (bytes: Uint8Array) => void): Promise<unknown> =>
    new Promise((resolve, reject) => {
      const done = (settle: () => void): void => {
        child.off('message', listen);
        child.off('exit', gone);
        settle();
      };
      const listen = (message: FromInstance): void => {
        if ('chunk' in message) chunk(message.chunk);
        else if ('result' in message) done(() => resolve(message.result));
        else if ('failed' in message) done(() => reject(new FunctionFailed(message.failed.errorType, message.failed.errorMessage)));
        if ('rss' in message) note(figures(name), message);
      };
      const gone = (): void => done(() => reject(new FunctionFailed('Lambda.Unknown', `${name} ended`)));
      child.on('message', listen);
      child.once('exit', gone);
      child.send({ event, requestId: randomUUID() } satisfies ToInstance);
    });

  return {
    measured,
    async invoke(name, event, chunk = () => {}) {
      const known = byName.get(name);
      if (known === undefined) throw new Error(`there is no function ${name}`);
      const free = idle.get(name) ?? idle.set(name, []).get(name)!;
      const instance = free.pop() ?? (await start(known));
      try {
        // As JSON, which is all that Lambda passes on.
        return await handle(name, instance, JSON.parse(JSON.stringify(event)), chunk);
      } finally {
        if (instance.process.connected) free.push(instance);
      }
    },
    async close() {
      await Promise.all([...all].map((child) => new Promise((resolve) => child.once('exit', resolve) && child.kill())));
    },
  };
}
