import type { Clock } from '../../../../shared/ports.ts';
import type { CloudState } from '../cloud-state.ts';
import { ApiError } from './errors.ts';
import { type Scope, urlOf } from './routes.ts';

/** A change that takes time. It has ended when the clock says so; `finish` then carries out what happens at its end. */
export interface Operation {
  readonly id: string;
  readonly name: string;
  readonly project: string;
  readonly scope: Scope;
  readonly type: string;
  /** Path and id of what is changed. */
  readonly target: { readonly path: string; readonly id: string };
  readonly requestId: string | undefined;
  readonly begunAt: number;
  readonly endsAt: number;
  /** It will fail: nothing happens at its end, and nothing has happened at its beginning. */
  readonly failure?: { readonly code: string; readonly message: string };
  readonly ended: boolean;
  readonly effect?: Effect;
}

/** What happens at the end of an operation: the row is put into the table; without a row, what is there goes. */
export interface Effect {
  readonly table: string;
  readonly key: string;
  readonly row?: unknown;
}

export interface Operations {
  /** Begins one, and says how it stands. */
  begin(operation: Pick<Operation, 'project' | 'scope' | 'type' | 'target' | 'requestId' | 'failure' | 'effect'>): Record<string, unknown>;
  /** The operation that this request began when it was sent before. Throws when the key was another request's. */
  repeated(requestId: string | undefined, type: string, path: string): Record<string, unknown> | undefined;
  find(project: string, scope: Scope, name: string): Record<string, unknown> | undefined;
  /** True while one that changes the resource at this path runs. */
  changes(path: string): boolean;
  /** Ends those whose time has come. */
  finish(): void;
}

export interface OperationOptions {
  readonly state: CloudState;
  readonly clock: Clock;
  /** How long an operation takes. */
  readonly operationMs: number;
  newId(): string;
  /** Called once for each that ends well and has an effect. */
  onEnd(effect: Effect): void;
}

/** Operations can be asked for this long after they began. */
const keptMs = 3_600_000;

export function openOperations({ state, clock, operationMs, newId, onEnd }: OperationOptions): Operations {
  const table = state.table<Operation>('operations');
  const byRequest = new Map<string, string>();
  const running = new Set<string>();
  for (const operation of table.all()) remember(operation);

  function remember({ id, requestId, ended }: Operation): void {
    if (requestId !== undefined) byRequest.set(requestId, id);
    if (!ended) running.add(id);
  }

  function forgetOld(): void {
    for (const { id, requestId, ended, begunAt } of table.all()) {
      if (!ended || begunAt + keptMs > clock.now()) return;
      table.delete(id);
      if (requestId !== undefined) byRequest.delete(requestId);
    }
  }

  return {
    begin(begun) {
      forgetOld();
      const id = newId();
      const now = clock.now();
      const operation: Operation = { ...begun, id, name: `operation-${id}`, begunAt: now, endsAt: now + operationMs, ended: false };
      table.put(id, operation);
      remember(operation);
      return view(operation, now);
    },
    repeated(requestId, type, path) {
      const before = requestId === undefined ? undefined : table.get(byRequest.get(requestId) ?? '');
      if (before === undefined) return undefined;
      if (before.type === type && before.target.path === path) return view(before, clock.now());
      throw new ApiError(400, 'invalid', `Invalid value for field 'requestId': '${requestId}'. It was used for another request.`);
    },
    find(project, scope, name) {
      const found = table.get(name.replace(/^operation-/, ''));
      return found?.project === project && found.scope === scope ? view(found, clock.now()) : undefined;
    },
    changes: (path) => [...running].some((id) => table.get(id)?.target.path === path),
    finish() {
      for (const id of running) {
        const operation = table.get(id)!;
        if (operation.endsAt > clock.now()) continue;
        running.delete(id);
        state.atomically(() => {
          table.put(id, { ...operation, ended: true });
          if (operation.effect !== undefined && operation.failure === undefined) onEnd(operation.effect);
        });
      }
    },
  };
}

/** PENDING for a quarter of its time, then RUNNING. */
function statusAt({ begunAt, endsAt }: Operation, now: number): 'PENDING' | 'RUNNING' | 'DONE' {
  if (now >= endsAt) return 'DONE';
  return now < begunAt + (endsAt - begunAt) / 4 ? 'PENDING' : 'RUNNING';
}

/** An operation as Compute Engine shows it. */
function view(operation: Operation, now: number): Record<string, unknown> {
  const { id, name, project, scope, type, target, begunAt, endsAt, failure } = operation;
  const status = statusAt(operation, now);
  const [kind] = scope.split('/');
  return {
    kind: 'compute#operation',
    id,
    name,
    operationType: type,
    status,
    progress: { PENDING: 0, RUNNING: 50, DONE: 100 }[status],
    targetId: target.id,
    targetLink: urlOf(target.path),
    selfLink: urlOf(`projects/${project}/${scope}/operations/${name}`),
    ...(kind === 'zones' && { zone: urlOf(`projects/${project}/${scope}`) }),
    ...(kind === 'regions' && { region: urlOf(`projects/${project}/${scope}`) }),
    insertTime: new Date(begunAt).toISOString(),
    ...(status !== 'PENDING' && { startTime: new Date(begunAt).toISOString() }),
    ...(status === 'DONE' && { endTime: new Date(endsAt).toISOString() }),
    ...(status === 'DONE' && failure && { error: { errors: [failure] } }),
  };
}
