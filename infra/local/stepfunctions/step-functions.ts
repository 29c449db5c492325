/** Step Functions on one machine: Standard state machines behind an endpoint that client-sfn and the aws command line talk to. */
import type { StateMachine } from '../../../shared/kinds/states-language.ts';
import type { Clock, ExecutionStatus, Random, Workflows } from '../../../shared/ports.ts';
import { executionArn, machineArn } from './arns.ts';
import { outcomeOf, statusOf } from './endpoint/describe.ts';
import { ServiceError } from './endpoint/errors.ts';
import { type Service, startOnce } from './endpoint/operations.ts';
import { serve } from './endpoint/server.ts';
import { createArchive } from './executions/archive.ts';
import type { Ended, Entry } from './executions/entry.ts';
import { createExecutions } from './executions/executions.ts';
import { type Restored, restore } from './executions/restore.ts';
import { loadStateMachine } from './interpreter/load/load.ts';
import { type Journal, noJournal, openJournal } from './journal/journal.ts';

/** What EventBridge would tell of an execution that has ended. */
export interface ExecutionEnded {
  readonly stateMachine: string;
  readonly name: string;
  readonly status: Exclude<ExecutionStatus, 'RUNNING'>;
  readonly input: unknown;
  readonly output?: unknown;
  readonly error?: string;
  readonly cause?: string;
}

export interface StepFunctionsOptions {
  /** Definitions by name; what cannot be run here is refused. */
  readonly machines: Readonly<Record<string, StateMachine>>;
  /** What stands for `${Placeholders}` in them. */
  readonly substitutions?: Readonly<Record<string, string>>;
  /**
   * Calls a function by the name or ARN that the definition gives. An error's `name` is what Retry and Catch match. A task that a
   * crash cut off is called again.
   */
  invoke(functionName: string, payload: unknown): Promise<unknown>;
  readonly clock: Clock;
  readonly random: Random;
  /** Where executions are kept; absent: they end with the process. */
  readonly dataDir?: string;
  /** Of 127.0.0.1; absent: any that is free. */
  readonly port?: number;
  ended?(event: ExecutionEnded): void;
}

export interface StepFunctions extends Workflows {
  readonly url: string;
  /** The ARN of a state machine. */
  arnOf(machine: string): string;
  /** State transitions since this process started, as AWS would bill them: each state entered and each retry. */
  transitions(): number;
  /** Executions stand still, on disk, until the next process takes them up. */
  close(): Promise<void>;
}

/**
 * Starts the endpoint. What a former process left running goes on in the next turn of the event loop, so that the caller may first
 * set up what the functions need.
 * @throws Invalid if a definition cannot be run here.
 */
export async function createStepFunctions(options: StepFunctionsOptions): Promise<StepFunctions> {
  const { dataDir, substitutions = {} } = options;
  const loaded = Object.entries(options.machines).map(([name, each]) => [name, loadStateMachine(name, each, substitutions)] as const);
  const { journal, lines } = dataDir === undefined ? { journal: noJournal, lines: [] } : await openJournal(dataDir);
  try {
    return await host(options, new Map(loaded), journal, restore(lines));
  } catch (error) {
    await journal.close();
    throw error;
  }
}

async function host(
  options: StepFunctionsOptions,
  machines: Service['machines'],
  journal: Journal,
  restored: Restored,
): Promise<StepFunctions> {
  const { clock, random, invoke, port = 0 } = options;
  const archive = createArchive(restored, journal, clock);
  const ended = (entry: Entry, how: Ended) => options.ended?.(eventOf(entry, how));
  const executions = createExecutions(archive, { invoke, clock, random, ended });
  const newName = () => random.uuid();
  const service: Service = { machines, archive, executions, since: clock.now(), newName, durable: journal.durable };
  const endpoint = await serve(service, port);
  setImmediate(() => executions.takeUp(restored.entries));
  return {
    url: endpoint.url,
    arnOf: machineArn,
    start: (machine, name, input) => start(service, machine, name, input),
    describe: async (machine, name) => {
      const entry = archive.get(executionArn(machine, name));
      return entry && { name, status: statusOf(entry), ...outcomeOf(entry) };
    },
    transitions: executions.transitions,
    async close() {
      executions.close();
      await endpoint.close();
      await journal.close();
    },
  };
}

async function start(service: Service, machine: string, name: string, input: Record<string, unknown>): Promise<void> {
  try {
    startOnce(service, machineArn(machine), name, JSON.stringify(input));
  } catch (error) {
    if (!(error instanceof ServiceError && error.name === 'ExecutionAlreadyExists')) throw error;
  }
  await service.durable();
}

const eventOf = (entry: Entry, { status }: Ended): ExecutionEnded => ({
  stateMachine: entry.start.machineName,
  name: entry.start.name,
  status,
  input: entry.start.input,
  ...outcomeOf(entry),
});
