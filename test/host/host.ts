import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Fault } from '../../infra/local/clouds/faults.ts';
import { type Clouds, lookIntoClouds, must } from '../../infra/local/demo/observe.ts';
import { startPlaneProcess } from '../../infra/local/demo/plane-process.ts';
import type { Endpoints } from '../../infra/local/files.ts';
import { type Kubectl, kubectl, type Output } from '../../infra/local/kubectl/kubectl.ts';
import { systemClock as clock } from '../../infra/system.ts';
import type { KubeObject } from '../../shared/kinds/object.ts';
import { yamlOf } from './manifests.ts';

/** A plane in a process of its own, and what a user has at hand: kubectl, and a look into the clouds. */
export interface Host {
  /** Directory of its data. */
  readonly data: string;
  readonly kubectl: Kubectl;
  endpoints(): Endpoints;
  clouds(): Promise<Clouds>;
  /** The names of the last calls of a fake cloud. */
  calls(cloud: 'aws' | 'gce'): Promise<string[]>;
  /** Makes something go wrong in a fake cloud. */
  fault(cloud: 'aws' | 'gce', fault: Fault): Promise<void>;
  /** kubectl; throws when its exit code is not 0. Returns what it prints. */
  must(...args: string[]): Promise<string>;
  /** `kubectl apply -f -`, which must hold. */
  apply(...objects: readonly object[]): Promise<string>;
  /** The same, whatever comes of it. */
  tryApply(manifest: string, ...args: string[]): Promise<Output>;
  get<T extends KubeObject = KubeObject>(resource: string, name: string, namespace?: string): Promise<T>;
  list(resource: string, namespace?: string): Promise<KubeObject[]>;
  /** What `kubectl get secret` shows under a key, decoded. */
  secretText(name: string, key: string, namespace?: string): Promise<string>;
  /** kubectl for a cluster that the plane made, with its generated kubeconfig. */
  workload(cluster: string, namespace?: string): Promise<Kubectl>;
  /** Everything that the plane has logged. */
  log(): string;
  /** kill -9, and start again over the same data, with other options if given. */
  crash(...args: string[]): Promise<void>;
  /** Ends it and removes its data. */
  close(): Promise<void>;
}

export async function startHost(...args: string[]): Promise<Host> {
  const directory = mkdtempSync(join(tmpdir(), 'plastron-host-'));
  const data = join(directory, 'data');
  let plane = await startPlaneProcess(data, args);
  const tool = kubectl({ kubeconfig: join(data, 'kubeconfig') });
  const run = (...words: string[]) => must(tool, words);
  const secretText = async (name: string, key: string, namespace = 'default'): Promise<string> => {
    const { data: texts } = JSON.parse(await run('get', 'secret', name, '-n', namespace, '-o', 'json'));
    return Buffer.from(texts[key], 'base64').toString();
  };
  let files = 0;
  return {
    data,
    kubectl: tool,
    endpoints: () => plane.endpoints,
    clouds: () => lookIntoClouds(plane.endpoints),
    calls: async (cloud) => (await fetch(`${plane.endpoints.clouds[cloud]}/_calls`)).json() as Promise<string[]>,
    async fault(cloud, fault) {
      const { ok } = await fetch(`${plane.endpoints.clouds[cloud]}/_faults`, { method: 'POST', body: JSON.stringify(fault) });
      if (!ok) throw new Error(`the fake of ${cloud} takes no fault ${JSON.stringify(fault)}`);
    },
    must: run,
    apply: (...objects) => must(tool, ['apply', '-f', '-'], yamlOf(objects)),
    tryApply: (manifest, ...words) => tool.run(['apply', '-f', '-', ...words], manifest),
    get: async (resource, name, namespace = 'default') => JSON.parse(await run('get', resource, name, '-n', namespace, '-o', 'json')),
    list: async (resource, namespace = 'default') => JSON.parse(await run('get', resource, '-n', namespace, '-o', 'json')).items,
    secretText,
    async workload(cluster, namespace) {
      const path = join(directory, `kubeconfig-${++files}`);
      writeFileSync(path, await secretText(`${cluster}-kubeconfig`, 'value', namespace), { mode: 0o600 });
      return kubectl({ kubeconfig: path });
    },
    log: () => readFileSync(join(data, 'plane.log'), 'utf8'),
    async crash(...others) {
      await plane.kill();
      plane = await startPlaneProcess(data, others.length > 0 ? others : args);
    },
    async close() {
      await plane.kill();
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

/** Looks again and again until the look says nothing is missing; throws what was missing last. */
export async function eventually(look: () => Promise<string | undefined>, seconds = 25): Promise<void> {
  const deadline = clock.now() + seconds * 1000;
  for (;;) {
    const missing = await look();
    if (missing === undefined) return;
    if (clock.now() > deadline) throw new Error(`after ${seconds} s: ${missing}`);
    await clock.sleep(300);
  }
}

export interface Condition {
  readonly type: string;
  readonly status: string;
  readonly reason: string;
  readonly message: string;
}

export function conditionOf({ status }: KubeObject, type: string): Condition | undefined {
  return (status as { conditions?: Condition[] } | undefined)?.conditions?.find((condition) => condition.type === type);
}

/** Waits until a condition of an object is as the pattern says, and returns it. */
export async function condition(
  host: Host,
  [resource, name, namespace]: readonly [resource: string, name: string, namespace?: string],
  type: string,
  pattern: Partial<Pick<Condition, 'status' | 'reason'>> & { readonly message?: RegExp },
  seconds?: number,
): Promise<Condition> {
  let found: Condition | undefined;
  await eventually(async () => {
    found = conditionOf(await host.get(resource, name, namespace), type);
    const holds =
      found !== undefined &&
      (pattern.status ?? found.status) === found.status &&
      (pattern.reason ?? found.reason) === found.reason &&
      (pattern.message?.test(found.message) ?? true);
    return holds ? undefined : `${resource} ${name} says ${type}=${JSON.stringify(found)}`;
  }, seconds);
  return found!;
}

/** Waits until these Machines are ready. */
export function untilReady(host: Host, count: number, namespace?: string, seconds?: number): Promise<void> {
  return eventually(async () => {
    const machines = await host.list('machines', namespace);
    const not = machines.filter((machine) => conditionOf(machine, 'Ready')?.status !== 'True');
    if (machines.length === count && not.length === 0) return undefined;
    const why = not.slice(0, 3).map((machine) => `${machine.metadata.name}: ${conditionOf(machine, 'Ready')?.message}`);
    return `${machines.length - not.length} of ${count} machines are ready; ${why.join('; ')}`;
  }, seconds);
}
