import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { demoCredentials } from '../../../infra/local/clouds/aws/signature.ts';
import { systemClock as clock } from '../../../infra/system.ts';
import { awsSecret, gceSecret, goodSecrets, serviceAccount } from '../credentials.ts';
import { executionsOf } from '../executions.ts';
import { condition, type Host, untilReady } from '../host.ts';
import { secret, systemNamespace } from '../manifests.ts';

/** A token endpoint that knows nobody, and counts who asks. */
async function startDenier() {
  let asked = 0;
  const server = createServer((_request, response) => {
    asked += 1;
    response.writeHead(401, { 'content-type': 'application/json' });
    response.end(JSON.stringify({ error: 'invalid_client', error_description: 'The OAuth client was not found.' }));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}/token`, asked: () => asked, close: () => server.close() };
}

/** Credentials that do not do: `one-master-0` on GCE and `one-worker` on AWS wait for them; in the end both are ready. */
export function badCredentials(host: () => Host): void {
  let denier: Awaited<ReturnType<typeof startDenier>>;
  beforeAll(async () => {
    denier = await startDenier();
  });
  afterAll(() => void denier.close());

  const says = (name: string, message: RegExp) =>
    condition(host(), ['machine', name], 'Ready', { status: 'False', reason: 'CredentialsRefused', message });
  const aws = `Secret ${systemNamespace}/aws-credentials`;
  const gce = `Secret ${systemNamespace}/gce-credentials`;

  it('are missing: the Machine says which Secret to create, and with which key', async () => {
    await says('one-master-0', new RegExp(`^${gce} does not exist: create it with the key service-account.json$`));
    await says('one-worker', new RegExp(`^${aws} does not exist: create it with the key credentials$`));
  });

  it('are under another key: the Machine says which key to add', async () => {
    await host().apply(secret('gce-credentials', { 'account.json': '{}' }), secret('aws-credentials', { config: '' }));
    await says('one-master-0', new RegExp(`^${gce} has no key service-account.json: add it$`));
    await says('one-worker', new RegExp(`^${aws} has no key credentials: add it$`));
  });

  it('cannot be read: the Machine says why, and repeats nothing of them', async () => {
    await host().apply(gceSecret('{"type": "service_account", "private_key": "hunter2"}'), awsSecret('[default]\nhunter2'));
    const told = [
      await says('one-master-0', new RegExp(`^${gce}, key service-account.json: .*has no client_email`)),
      await says('one-worker', new RegExp(`^${aws}, key credentials: .*aws_access_key_id`)),
    ];
    expect(JSON.stringify(told)).not.toContain('hunter2');
  });

  it('are refused by the cloud: the Machine says what the cloud answered', async () => {
    await host().apply(gceSecret(serviceAccount(denier.url)), awsSecret(demoCredentials.replace('demo-only', 'not-this')));
    await says('one-master-0', new RegExp(`^${gce}, key service-account.json: .*401 invalid_client`));
    await says('one-worker', new RegExp(`^${aws}, key credentials: .*SignatureDoesNotMatch`));
  });

  it('are not tried again for ever', async () => {
    const seen = async () => ({
      tokens: denier.asked(),
      calls: (await host().calls('aws')).length,
      executions: (await executionsOf(host().endpoints().stepFunctions, 'create-machine')).length,
    });
    const before = await seen();
    await clock.sleep(2_000);
    expect(await seen()).toEqual(before);
    // One execution for each state of each Secret: missing, without the key, unreadable, refused.
    expect(before.executions).toBe(8);
    expect(before.tokens).toBeLessThanOrEqual(2);
  });

  it('are seen in kubectl describe', async () => {
    expect(await host().must('describe', 'machine', 'one-worker')).toMatch(/Warning +CredentialsRefused .*SignatureDoesNotMatch/);
  });

  it('are mended: the Machines go on by themselves', async () => {
    await host().apply(...goodSecrets(host().endpoints()));
    await untilReady(host(), 2);
  });
}
