import { createServer } from 'node:http';
import { SFNClient } from '@aws-sdk/client-sfn';
import { afterEach, describe, expect, it } from '@jest/globals';
import { createStepFunctions, type StepFunctions } from '../../infra/local/stepfunctions/step-functions.ts';
import { RetryLater } from '../../shared/errors.ts';
import type { StateMachine } from '../../shared/kinds/states-language.ts';
import { sfnWorkflows } from '../../shared/lambda/workflows.ts';
import { seededRandom, virtualClock } from '../clock.ts';

const nap: StateMachine = {
  StartAt: 'Nap',
  States: {
    Nap: { Type: 'Wait', SecondsPath: '$.seconds', Next: 'Well?' },
    'Well?': { Type: 'Choice', Choices: [{ Variable: '$.seconds', NumericEquals: 7, Next: 'Failed' }], Default: 'Rested' },
    Rested: { Type: 'Succeed' },
    Failed: { Type: 'Fail', Error: 'Disturbed', Cause: 'by a test' },
  },
};

let sf: StepFunctions;
const clients: SFNClient[] = [];
afterEach(async () => {
  for (const client of clients.splice(0)) client.destroy();
  await sf.close();
});

async function open(endpoint?: string) {
  const clock = virtualClock();
  sf = await createStepFunctions({ machines: { nap }, invoke: async () => null, clock, random: seededRandom(1) });
  const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
  const client = new SFNClient({ endpoint: endpoint ?? sf.url, region: 'us-east-1', credentials, maxAttempts: 1 });
  clients.push(client);
  return { clock, workflows: sfnWorkflows({ client, arnOf: sf.arnOf }) };
}

describe('workflows on Step Functions', () => {
  it('start once, however often they are started, running or ended', async () => {
    const { clock, workflows } = await open();
    const start = () => workflows.start('nap', 'one', { seconds: 5 });
    await start();
    await start();
    expect(await workflows.describe('nap', 'one')).toEqual({ name: 'one', status: 'RUNNING' });
    await clock.advance(5_000);
    await start();
    expect(await workflows.describe('nap', 'one')).toEqual({ name: 'one', status: 'SUCCEEDED', output: { seconds: 5 } });
  });

  it('tell how they failed', async () => {
    const { clock, workflows } = await open();
    await workflows.start('nap', 'one', { seconds: 7 });
    await clock.advance(7_000);
    expect(await workflows.describe('nap', 'one')).toEqual({ name: 'one', status: 'FAILED', error: 'Disturbed', cause: 'by a test' });
  });

  it('know nothing of what was never started', async () => {
    const { workflows } = await open();
    expect(await workflows.describe('nap', 'one')).toBeUndefined();
  });

  it('pass on what is wrong with the request', async () => {
    const { workflows } = await open();
    await expect(workflows.start('sleepwalk', 'one', {})).rejects.toMatchObject({ name: 'StateMachineDoesNotExist' });
  });

  it.each([
    ['throttling', 400, 'ThrottlingException'],
    ['a fault of the service', 500, 'InternalServerError'],
  ])('say RetryLater at %s', async (_, status, type) => {
    const server = createServer((request, response) => {
      request.resume();
      response.writeHead(status).end(JSON.stringify({ __type: type, message: 'not now' }));
    });
    await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as { port: number };
    const { workflows } = await open(`http://127.0.0.1:${port}`);
    await expect(workflows.start('nap', 'one', {})).rejects.toBeInstanceOf(RetryLater);
    server.closeAllConnections();
    server.close();
  });
});
