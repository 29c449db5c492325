import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { localClient } from '../../infra/local/dynamodb/client.ts';
import { type DynamoDb, startDynamoDb } from '../../infra/local/dynamodb/host.ts';
import { createStepFunctions, type StepFunctions } from '../../infra/local/stepfunctions/step-functions.ts';
import { openAws } from '../../infra/move/open-aws.ts';
import { openLocalTarget } from '../../infra/move/open-local.ts';
import { cluster } from '../../shared/kinds/cluster/kind.ts';
import { secret } from '../../shared/kinds/core/secret.ts';
import type { StateMachine } from '../../shared/kinds/states-language.ts';
import { ensureTable } from '../../shared/store/dynamodb.ts';
import { aCluster, credentialsOf } from '../plane/objects.ts';
import { newOperator, ports } from './fixtures.ts';

const key = 'arn:aws:kms:eu-central-1:000000000000:key/plane';
const where = { table: 'Plane', region: 'eu-central-1', prefix: 'Plane', key };

/** As much of KMS as a key ring asks for: data keys that open under the context alone that they were made for. */
function fakeKms(): Server {
  return createServer(async (request, response) => {
    const asked = (await json(request)) as { CiphertextBlob: string; EncryptionContext: object };
    const context = JSON.stringify(asked.EncryptionContext);
    if (request.headers['x-amz-target'] === 'TrentService.GenerateDataKey') {
      const Plaintext = Buffer.from(ports.random.bytes(32)).toString('base64');
      const CiphertextBlob = Buffer.from(JSON.stringify({ Plaintext, context })).toString('base64');
      return void response.end(JSON.stringify({ KeyId: key, Plaintext, CiphertextBlob }));
    }
    const sealed = JSON.parse(Buffer.from(asked.CiphertextBlob, 'base64').toString());
    if (sealed.context === context) return void response.end(JSON.stringify({ KeyId: key, Plaintext: sealed.Plaintext }));
    response.writeHead(400, { 'x-amzn-errortype': 'InvalidCiphertextException' }).end('{}');
  });
}

const waits: StateMachine = { StartAt: 'Wait', States: { Wait: { Type: 'Wait', Seconds: 3600, Next: 'Done' }, Done: { Type: 'Succeed' } } };

describe('a plane on AWS, behind the endpoints of this machine', () => {
  const operator = newOperator();
  const kms = fakeKms();
  let dynamodb: DynamoDb;
  let stepFunctions: StepFunctions;

  beforeAll(async () => {
    dynamodb = await startDynamoDb();
    const machines = { 'Plane-create-machine': waits, 'Other-create-machine': waits };
    stepFunctions = await createStepFunctions({ machines, invoke: async () => undefined, ...ports });
    await new Promise<void>((resolve) => kms.listen(0, '127.0.0.1', resolve));
    Object.assign(process.env, {
      AWS_ACCESS_KEY_ID: 'test',
      AWS_SECRET_ACCESS_KEY: 'test',
      AWS_ENDPOINT_URL_DYNAMODB: dynamodb.endpoint,
      AWS_ENDPOINT_URL_SFN: stepFunctions.url,
      AWS_ENDPOINT_URL_KMS: `http://127.0.0.1:${(kms.address() as AddressInfo).port}`,
    });
    await ensureTable({ client: localClient(dynamodb.endpoint), table: 'Plane' });
    const laptop = await openLocalTarget(`${operator.directory}/laptop`, ports);
    await laptop.store.create(cluster, aCluster('c'));
    await laptop.store.create(secret, credentialsOf('east', 'token-of-the-user'));
    await laptop.close();
  });
  afterAll(async () => {
    for (const name of Object.keys(process.env)) if (name.startsWith('AWS_')) delete process.env[name];
    await stepFunctions.close();
    await dynamodb.close();
    kms.closeAllConnections();
    await new Promise((resolve) => kms.close(resolve));
    operator.close();
  });

  it('goes on with what a laptop began', async () => {
    await operator.export({ data: `${operator.directory}/laptop` }, 'laptop.jsonl');
    expect(await operator.import('laptop.jsonl', where)).toMatchObject({ restored: 2, resumed: ['Cluster default/c'] });
    const place = await openAws(where, ports);
    const found = await place.store.get(secret, { namespace: 'cluster-api-provider-talos-system', name: 'east-credentials' });
    expect(Buffer.from(found?.data?.token ?? '', 'base64').toString()).toBe('token-of-the-user');
    await place.close();
  });

  it('is read as a backup without a write, and its secrets open under no other name', async () => {
    const backup = await operator.export(where, 'backup.jsonl', { pause: false });
    expect(backup).toMatchObject({ exported: 4, counts: { Secret: 1, Cluster: 1 } });
    expect(await operator.import('backup.jsonl', { data: `${operator.directory}/restored` })).toMatchObject({ restored: 2 });
    await expect(operator.export({ ...where, prefix: 'Other' }, 'x', { pause: false })).rejects.toThrow();
  });

  it('has its own executions, and no others', async () => {
    await stepFunctions.start('Plane-create-machine', 'create-uid-1', {});
    await stepFunctions.start('Other-create-machine', 'create-uid-2', {});
    const place = await openAws(where, ports);
    expect(await place.running()).toEqual(['create-uid-1']);
    await place.close();
    await expect(operator.export(where, 'x', { waitSeconds: 0 })).rejects.toThrow(
      'nothing was exported: in table Plane in eu-central-1 executions run: create-uid-1; look at what holds them up',
    );
    expect(operator.told.slice(-2)).toEqual(['pauses Cluster default/c', 'lets go what it has paused']);
  });

  it('says when the table is not there, or has no customer key', async () => {
    const { key: _, ...keyless } = where;
    await expect(openAws({ ...keyless, table: 'None' }, ports)).rejects.toThrow('there is no table None in eu-central-1');
    await expect(openAws(keyless, ports)).rejects.toThrow("say which seals the plane's secrets (--key)");
  });
});
