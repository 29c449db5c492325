import { executionArn, machineArn } from '../../infra/local/stepfunctions/arns.ts';
import { outcomeOf, statusOf } from '../../infra/local/stepfunctions/endpoint/describe.ts';
import { ServiceError } from '../../infra/local/stepfunctions/endpoint/errors.ts';
import { startOnce } from '../../infra/local/stepfunctions/endpoint/operations.ts';
import { createArchive } from '../../infra/local/stepfunctions/executions/archive.ts';
import type { Entry } from '../../infra/local/stepfunctions/executions/entry.ts';
import { createExecutions } from '../../infra/local/stepfunctions/executions/executions.ts';
import { restore } from '../../infra/local/stepfunctions/executions/restore.ts';
import { loadStateMachine } from '../../infra/local/stepfunctions/interpreter/load/load.ts';
import { type Journal, noJournal } from '../../infra/local/stepfunctions/journal/journal.ts';
import { workflows } from '../../shared/kinds/workflows.ts';
import type { Clock, Execution, Random, Workflows } from '../../shared/ports.ts';

export type NamedExecution = Execution & { readonly workflow: string };

/** Step Functions without its endpoint: the local host's interpreter, with a journal in memory that outlives the process. */
export interface Conductor extends Workflows {
  /** Every execution that is remembered. */
  all(): NamedExecution[];
  /** Stops those that run. */
  stop(which: (execution: NamedExecution) => boolean): void;
  /** Takes up what a former process left running. */
  goOn(): void;
  /** Ends with its process; what ran goes on in the next one. */
  close(): void;
}

interface Options {
  readonly clock: Clock;
  readonly random: Random;
  /** What former processes wrote down, and this one goes on writing. */
  readonly lines: string[];
  invoke(functionName: string, payload: unknown): Promise<unknown>;
  ended(execution: { readonly name: string; readonly status: string; readonly input: unknown }): void;
}

const described = (entry: Entry): NamedExecution => ({
  workflow: entry.start.machineName,
  name: entry.start.name,
  status: statusOf(entry),
  ...outcomeOf(entry),
});

const machines = new Map(
  workflows.map(({ name, definition }) => [name, loadStateMachine(name, definition, { Steps: 'steps', CloudSteps: 'clouds' })]),
);

export function createConductor({ clock, random, lines, invoke, ended }: Options): Conductor {
  const restored = restore(lines);
  const journal: Journal = { ...noJournal, append: (line) => void lines.push(line) };
  const archive = createArchive(restored, journal, clock);
  const executions = createExecutions(archive, {
    clock,
    random,
    invoke,
    ended: ({ start }, { status }) => ended({ name: start.name, status, input: start.input }),
  });
  const service = { machines, archive, executions, since: 0, newName: () => random.uuid(), durable: async () => {} };
  return {
    goOn: () => executions.takeUp(restored.entries),
    async start(workflow, name, input) {
      try {
        startOnce(service, machineArn(workflow), name, JSON.stringify(input));
      } catch (error) {
        if (!(error instanceof ServiceError && error.name === 'ExecutionAlreadyExists')) throw error;
      }
    },
    async describe(workflow, name) {
      const entry = archive.get(executionArn(workflow, name));
      return entry && { name, status: statusOf(entry), ...outcomeOf(entry) };
    },
    all: () => archive.all().map(described),
    stop(which) {
      for (const entry of archive.all()) if (entry.ended === undefined && which(described(entry))) executions.stop(entry, {});
    },
    close: () => executions.close(),
  };
}
