import { appendFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { createGceFake, type GceFake } from '../../../infra/local/clouds/gce/gce-fake.ts';
import type { PoweredMachine } from '../../../infra/local/clouds/node-host.ts';
import { seededRandom, virtualClock } from '../../clock.ts';
import { askForToken, type Client, clientOf, instanceBody } from './gce-client.ts';

const zone = 'zones/us-central1-c';

describe('the fake of Compute Engine, killed and started again', () => {
  const clock = virtualClock();
  let dataDir: string;
  let fake: GceFake;
  let gce: Client;
  let on: PoweredMachine[];
  let file: string;
  let seed = 1;
  async function start(): Promise<void> {
    on = [];
    const nodes = { powerOn: (machine: PoweredMachine) => void on.push(machine), powerOff: () => {}, setExternalAddress: () => {} };
    fake = await createGceFake({ clock, random: seededRandom(seed++), nodes, dataDir, operationMs: 4000 });
    file ??= await fake.createServiceAccount();
    const tokenUri = `${fake.url}/token`;
    const token = await askForToken(fake, JSON.stringify({ ...JSON.parse(file), token_uri: tokenUri }), clock.now());
    gce = clientOf(fake, token.body.access_token);
  }
  beforeEach(async () => {
    dataDir = mkdtempSync(join(tmpdir(), 'gce-'));
    file = undefined as never;
    await start();
  });
  afterEach(async () => {
    await fake.close();
    rmSync(dataDir, { recursive: true });
  });
  const insert = (name: string, requestId = '') =>
    gce.post(`${zone}/instances?${requestId && `requestId=${requestId}`}`, instanceBody(name));

  it('has the same instances, boots them from where they were, and knows its service accounts', async () => {
    await insert('a');
    await clock.advance(4000);
    const [before, bootedAt] = [fake.state(), on[0]?.bootedAt];
    await fake.close();
    await clock.advance(60_000);
    await start();
    expect(fake.state()).toEqual(before);
    expect(on).toMatchObject([{ instanceName: 'a', bootedAt }]);
  });

  it('ends the operations that ran, and knows requests again', async () => {
    const id = '3f2c1b0a-0000-4000-8000-000000000001';
    const begun = await insert('a', id);
    await insert('b');
    await clock.advance(4000);
    await gce.delete(`${zone}/instances/b`);
    await fake.close();
    await clock.advance(4000);
    await start();
    expect((await insert('a', id)).body.name).toBe(begun.body.name);
    expect(fake.state()).toMatchObject({ instances: [{ name: 'a' }], creations: [{ name: 'a' }, { name: 'b' }] });
    expect(on.map((machine) => machine.instanceName)).toEqual(['a']);
  });

  it('gives no address twice', async () => {
    await insert('a');
    await fake.close();
    await start();
    await insert('b');
    const { instances } = fake.state();
    expect(new Set(instances.flatMap(({ address, privateAddress }) => [address, privateAddress])).size).toBe(4);
  });

  it('drops a line that the kill cut short', async () => {
    await insert('a');
    await fake.close();
    appendFileSync(join(dataDir, 'gce.jsonl'), '{"changes":[["instances","pro');
    await start();
    expect(fake.state().instances).toMatchObject([{ name: 'a' }]);
  });
});
