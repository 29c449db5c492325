/** The operations of the API: each reads its request, and answers or throws a ServiceError. */
import * as z from 'zod';
import type { StateMachine } from '../../../../shared/kinds/states-language.ts';
import { executionArn, machineArn, roleArn } from '../arns.ts';
import type { Archive } from '../executions/archive.ts';
import { type Entry, historyOf } from '../executions/entry.ts';
import type { Executions } from '../executions/executions.ts';
import { mostBytes } from '../interpreter/data.ts';
import { faultsOf } from '../interpreter/load/load.ts';
import { description, eventInWords, statusOf, summary } from './describe.ts';
import { alreadyStarted, badInput, invalidName, noExecution, noMachine, ServiceError } from './errors.ts';
import { pageOf } from './page.ts';

export interface Service {
  /** By name. */
  readonly machines: ReadonlyMap<string, StateMachine>;
  readonly archive: Archive;
  readonly executions: Executions;
  /** When the machines came to be, in milliseconds since 1970. */
  readonly since: number;
  /** A name for an execution that was given none. */
  newName(): string;
  /** Resolves when what was started is on disk. */
  durable(): Promise<void>;
}

const page = { maxResults: z.int().min(0).max(1000).optional(), nextToken: z.string().optional() };
const arn = z.string().min(1);

const operation = <S extends z.ZodType>(request: S, answer: (service: Service, request: z.output<S>) => unknown) => {
  return (service: Service, body: unknown): unknown => {
    const read = request.safeParse(body);
    if (read.success) return answer(service, read.data);
    const [issue] = read.error.issues;
    throw new ServiceError('ValidationException', `${issue?.path.join('.')}: ${issue?.message}`);
  };
};

export const operations: Readonly<Record<string, (service: Service, body: unknown) => unknown>> = {
  StartExecution: operation(
    z.object({ stateMachineArn: arn, name: z.string().optional(), input: z.string().default('{}') }),
    async (service, { stateMachineArn, name = service.newName(), input }) => {
      const entry = startOnce(service, stateMachineArn, name, input);
      await service.durable();
      return { executionArn: entry.start.executionArn, startDate: entry.start.at / 1000 };
    },
  ),
  DescribeExecution: operation(z.object({ executionArn: arn }), (service, request) => description(find(service, request.executionArn))),
  StopExecution: operation(
    z.object({ executionArn: arn, error: z.string().optional(), cause: z.string().optional() }),
    async (service, { executionArn: which, ...why }) => {
      const entry = find(service, which);
      service.executions.stop(entry, why);
      await service.durable();
      return { stopDate: summary(entry).stopDate };
    },
  ),
  ListExecutions: operation(
    z.object({ stateMachineArn: arn, statusFilter: z.string().optional(), ...page }),
    (service, { stateMachineArn, statusFilter, ...request }) => {
      machineOf(service, stateMachineArn);
      const matches = (entry: Entry) =>
        entry.start.machineArn === stateMachineArn && (statusFilter === undefined || statusOf(entry) === statusFilter);
      const { page: entries, ...token } = pageOf(service.archive.all().filter(matches).toReversed(), ({ number }) => number, request);
      return { executions: entries.map(summary), ...token };
    },
  ),
  GetExecutionHistory: operation(
    z.object({ executionArn: arn, reverseOrder: z.boolean().default(false), includeExecutionData: z.boolean().default(true), ...page }),
    (service, { executionArn: which, reverseOrder, includeExecutionData, ...request }) => {
      const history = historyOf(find(service, which));
      const { page: events, ...token } = pageOf(reverseOrder ? history.toReversed() : history, ({ id }) => id, request);
      return { events: events.map((event) => eventInWords(event, includeExecutionData)), ...token };
    },
  ),
  ListStateMachines: operation(z.object(page), ({ machines, since }, request) => {
    const all = [...machines.keys()].map((name, i) => ({ i, name }));
    const { page: some, ...token } = pageOf(all, ({ i }) => i, request);
    return { stateMachines: some.map(({ name }) => identity(name, since)), ...token };
  }),
  DescribeStateMachine: operation(z.object({ stateMachineArn: arn }), (service, { stateMachineArn }) => {
    const { name, definition } = machineOf(service, stateMachineArn);
    return { ...identity(name, service.since), status: 'ACTIVE', roleArn, definition: JSON.stringify(definition) };
  }),
  ValidateStateMachineDefinition: operation(z.object({ definition: z.string() }), (_, { definition }) => {
    const diagnostics = faultsOfText(definition).map(({ field, message }) => ({
      severity: 'ERROR',
      code: 'SCHEMA_VALIDATION_FAILED',
      message,
      location: `/${field.replaceAll('.', '/')}`,
    }));
    return { result: diagnostics.length === 0 ? 'OK' : 'FAIL', diagnostics, truncated: false };
  }),
};

const identity = (name: string, since: number) => ({
  stateMachineArn: machineArn(name),
  name,
  type: 'STANDARD',
  creationDate: since / 1000,
});

function faultsOfText(text: string) {
  const definition = parsed(text);
  return definition === undefined ? [{ field: '', message: 'The definition is not JSON' }] : faultsOf(definition);
}

/** Undefined if the text is not JSON. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function machineOf({ machines }: Service, wanted: string) {
  const name = [...machines.keys()].find((each) => machineArn(each) === wanted);
  if (name === undefined) throw noMachine(wanted);
  return { name, definition: machines.get(name)! };
}

function find({ archive }: Service, wanted: string): Entry {
  const entry = archive.get(wanted);
  if (entry === undefined) throw noExecution(wanted);
  return entry;
}

const allowedName = /^[^\s\p{Cc}?*<>{}[\]"#%\\^|~`$&,;:/]{1,80}$/u;

/** The same name and input while it runs is the same execution; any other use of a name that was used is refused. */
export function startOnce(service: Service, stateMachineArn: string, name: string, input: string): Entry {
  const { name: machineName, definition } = machineOf(service, stateMachineArn);
  if (!allowedName.test(name)) throw invalidName(name);
  if (parsed(input) === undefined) throw badInput('it is not JSON');
  if (Buffer.byteLength(input) > mostBytes) throw badInput(`it has more than ${mostBytes} bytes`);
  const id = executionArn(machineName, name);
  const known = service.archive.get(id);
  if (known === undefined) {
    return service.executions.start({ executionArn: id, name, machineArn: stateMachineArn, machineName, roleArn, definition }, input);
  }
  if (known.ended === undefined && known.input === input) return known;
  throw alreadyStarted(id);
}
