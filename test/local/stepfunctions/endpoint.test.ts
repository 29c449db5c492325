import {
  DescribeExecutionCommand,
  DescribeStateMachineCommand,
  GetExecutionHistoryCommand,
  ListExecutionsCommand,
  ListStateMachinesCommand,
  paginateGetExecutionHistory,
  paginateListExecutions,
  SFNClient,
  StartExecutionCommand,
  StopExecutionCommand,
  ValidateStateMachineDefinitionCommand,
} from '@aws-sdk/client-sfn';
import { afterEach, describe, expect, it } from '@jest/globals';
import { createStepFunctions, type ExecutionEnded, type StepFunctions } from '../../../infra/local/stepfunctions/step-functions.ts';
import type { StateMachine } from '../../../shared/kinds/states-language.ts';
import { seededRandom, type VirtualClock, virtualClock } from '../../clock.ts';

const sleepy: StateMachine = {
  StartAt: 'Sleep',
  States: {
    Sleep: { Type: 'Wait', Seconds: 60, Next: 'Work' },
    Work: { Type: 'Task', Resource: 'arn:aws:lambda:us-east-1:000000000000:function:work', ResultPath: '$.did', End: true },
  },
};

interface Setting {
  readonly sf: StepFunctions;
  readonly client: SFNClient;
  readonly clock: VirtualClock;
  readonly ends: ExecutionEnded[];
  readonly stateMachineArn: string;
}

let open: Setting | undefined;
afterEach(async () => {
  open?.client.destroy();
  await open?.sf.close();
});

async function setting(): Promise<Setting> {
  const clock = virtualClock();
  const ends: ExecutionEnded[] = [];
  const invoke = async (_: string, payload: unknown) => {
    const { fail } = payload as { fail?: string };
    if (fail !== undefined) throw Object.assign(new Error('told to'), { name: fail });
    return 'the work';
  };
  const sf = await createStepFunctions({
    machines: { sleepy },
    invoke,
    clock,
    random: seededRandom(1),
    ended: (event) => ends.push(event),
  });
  const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
  const client = new SFNClient({ endpoint: sf.url, region: 'us-east-1', credentials, maxAttempts: 1 });
  open = { sf, client, clock, ends, stateMachineArn: sf.arnOf('sleepy') };
  return open;
}

const begin = ({ client, stateMachineArn }: Setting, name: string, input: unknown = {}) =>
  client.send(new StartExecutionCommand({ stateMachineArn, name, input: JSON.stringify(input) }));

describe('the endpoint', () => {
  it('starts an execution and tells how it stands and how it ended', async () => {
    const at = await setting();
    const { executionArn, startDate } = await begin(at, 'one', { a: 1 });
    const running = await at.client.send(new DescribeExecutionCommand({ executionArn }));
    expect(running).toMatchObject({ status: 'RUNNING', name: 'one', input: '{"a":1}', startDate, stateMachineArn: at.stateMachineArn });
    await at.clock.advance(60_000);
    const ended = await at.client.send(new DescribeExecutionCommand({ executionArn }));
    expect(ended).toMatchObject({ status: 'SUCCEEDED', output: '{"a":1,"did":"the work"}', stopDate: new Date(at.clock.now()) });
    expect(at.ends).toEqual([
      { stateMachine: 'sleepy', name: 'one', status: 'SUCCEEDED', input: { a: 1 }, output: { a: 1, did: 'the work' } },
    ]);
  });

  it('tells an error as Lambda does, without a stack', async () => {
    const at = await setting();
    const { executionArn } = await begin(at, 'one', { fail: 'QuotaExceeded' });
    await at.clock.advance(60_000);
    const cause = '{"errorType":"QuotaExceeded","errorMessage":"told to","trace":[]}';
    const description = await at.client.send(new DescribeExecutionCommand({ executionArn }));
    expect(description).toMatchObject({ status: 'FAILED', error: 'QuotaExceeded', cause });
    expect(at.ends).toMatchObject([{ status: 'FAILED', error: 'QuotaExceeded', cause }]);
  });

  it('takes the same name and input for the same execution while it runs, and refuses any other use of the name', async () => {
    const at = await setting();
    const first = await begin(at, 'one', { a: 1 });
    expect(await begin(at, 'one', { a: 1 })).toMatchObject({ executionArn: first.executionArn, startDate: first.startDate });
    await expect(begin(at, 'one', { a: 2 })).rejects.toMatchObject({ name: 'ExecutionAlreadyExists' });
    await at.clock.advance(60_000);
    await expect(begin(at, 'one', { a: 1 })).rejects.toMatchObject({ name: 'ExecutionAlreadyExists' });
  });

  it('names an execution that was given no name', async () => {
    const at = await setting();
    const { executionArn } = await at.client.send(new StartExecutionCommand({ stateMachineArn: at.stateMachineArn }));
    expect(executionArn).toMatch(/:execution:sleepy:[0-9a-f-]{36}$/);
  });

  it('lists executions newest first, by status, in pages that stay when others start', async () => {
    const at = await setting();
    for (let i = 0; i < 5; i++) await begin(at, `e${i}`);
    await at.client.send(new StopExecutionCommand({ executionArn: `${at.stateMachineArn.replace('stateMachine', 'execution')}:e2` }));
    const list = (rest: object) => at.client.send(new ListExecutionsCommand({ stateMachineArn: at.stateMachineArn, ...rest }));
    const names = async (rest: object) => (await list(rest)).executions!.map(({ name }) => name);
    expect(await names({})).toEqual(['e4', 'e3', 'e2', 'e1', 'e0']);
    expect(await names({ statusFilter: 'ABORTED' })).toEqual(['e2']);
    const paged: string[] = [];
    for await (const page of paginateListExecutions({ client: at.client, pageSize: 2 }, { stateMachineArn: at.stateMachineArn })) {
      paged.push(...page.executions!.map(({ name }) => name!));
      await begin(at, `later${paged.length}`);
    }
    expect(paged).toEqual(['e4', 'e3', 'e2', 'e1', 'e0']);
  });

  it('gives the history in pages, forwards and backwards, with and without data', async () => {
    const at = await setting();
    const { executionArn } = await begin(at, 'one');
    await at.clock.advance(60_000);
    const ids: number[] = [];
    for await (const page of paginateGetExecutionHistory({ client: at.client, pageSize: 4 }, { executionArn }))
      ids.push(...page.events!.map(({ id }) => id!));
    expect(ids).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9]);
    const get = (rest: object) => at.client.send(new GetExecutionHistoryCommand({ executionArn, ...rest }));
    const { events: last } = await get({ reverseOrder: true, maxResults: 1 });
    expect(last).toMatchObject([{ id: 9, type: 'ExecutionSucceeded', executionSucceededEventDetails: { output: '{"did":"the work"}' } }]);
    const { events: bare } = await get({ includeExecutionData: false });
    expect(bare![1]!.stateEnteredEventDetails).toEqual({ name: 'Sleep' });
  });

  it('stops an execution, once', async () => {
    const at = await setting();
    const { executionArn } = await begin(at, 'one');
    const stop = () => at.client.send(new StopExecutionCommand({ executionArn, error: 'Stopped', cause: 'by hand' }));
    const { stopDate } = await stop();
    await at.clock.advance(60_000);
    expect(await stop()).toMatchObject({ stopDate });
    expect(at.ends).toEqual([{ stateMachine: 'sleepy', name: 'one', status: 'ABORTED', input: {}, error: 'Stopped', cause: 'by hand' }]);
  });

  it('tells its state machines', async () => {
    const at = await setting();
    const { stateMachines } = await at.client.send(new ListStateMachinesCommand());
    expect(stateMachines).toMatchObject([{ name: 'sleepy', stateMachineArn: at.stateMachineArn, type: 'STANDARD' }]);
    const { definition } = await at.client.send(new DescribeStateMachineCommand({ stateMachineArn: at.stateMachineArn }));
    expect(JSON.parse(definition!)).toEqual(sleepy);
  });

  it('checks a definition', async () => {
    const at = await setting();
    const check = (definition: unknown) =>
      at.client.send(new ValidateStateMachineDefinitionCommand({ definition: JSON.stringify(definition) }));
    expect(await check(sleepy)).toMatchObject({ result: 'OK', diagnostics: [] });
    const { result, diagnostics } = await check({ ...sleepy, StartAt: 'Elsewhere' });
    expect(result).toBe('FAIL');
    expect(diagnostics).toContainEqual(expect.objectContaining({ severity: 'ERROR', message: "there is no state 'Elsewhere' here" }));
  });

  it.each<[string, (at: Setting) => Promise<unknown>]>([
    ['StateMachineDoesNotExist', (at) => at.client.send(new StartExecutionCommand({ stateMachineArn: `${at.stateMachineArn}x` }))],
    ['StateMachineDoesNotExist', (at) => at.client.send(new ListExecutionsCommand({ stateMachineArn: 'arn:x' }))],
    ['ExecutionDoesNotExist', (at) => at.client.send(new DescribeExecutionCommand({ executionArn: 'arn:x' }))],
    ['InvalidName', (at) => begin(at, 'a:b')],
    ['InvalidName', (at) => begin(at, 'a'.repeat(81))],
    ['InvalidExecutionInput', (at) => at.client.send(new StartExecutionCommand({ stateMachineArn: at.stateMachineArn, input: '{' }))],
    ['InvalidExecutionInput', (at) => begin(at, 'large', 'x'.repeat(262_144))],
    ['InvalidToken', (at) => at.client.send(new ListExecutionsCommand({ stateMachineArn: at.stateMachineArn, nextToken: 'nonsense' }))],
    ['ValidationException', (at) => at.client.send(new ListExecutionsCommand({ stateMachineArn: at.stateMachineArn, maxResults: 1001 }))],
  ])('answers %s', async (name, ask) => {
    await expect(ask(await setting())).rejects.toMatchObject({ name, $metadata: { httpStatusCode: 400 } });
  });

  it.each([
    ['UnknownOperationException', 'AWSStepFunctions.DeleteStateMachine', '{}'],
    ['UnknownOperationException', 'AWSStepFunctions.toString', '{}'],
    ['UnknownOperationException', 'DynamoDB_20120810.GetItem', '{}'],
    ['SerializationException', 'AWSStepFunctions.ListStateMachines', '{'],
  ])('answers %s to %s', async (type, target, body) => {
    const { sf } = await setting();
    const response = await fetch(sf.url, { method: 'POST', headers: { 'x-amz-target': target }, body });
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ __type: type });
  });
});
