import { generateKeyPairSync } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { createGceFake, type GceFake, type GceFakeOptions } from '../../../infra/local/clouds/gce/gce-fake.ts';
import { noNodes } from '../../../infra/local/clouds/node-host.ts';
import { seededRandom, virtualClock } from '../../clock.ts';
import { keyFile, knownKey } from '../../provisioners/gce-harness.ts';
import { askForToken, clientOf, post } from './gce-client.ts';

describe('the token endpoint of the fake', () => {
  const clock = virtualClock();
  let fake: GceFake;
  const start = async (options: Partial<GceFakeOptions>): Promise<GceFake> => {
    fake = await createGceFake({ clock, random: seededRandom(5), nodes: noNodes, ...options });
    return fake;
  };
  beforeEach(() => start({ keys: [knownKey] }));
  afterEach(() => fake.close());
  const file = (changes: Record<string, unknown> = {}): string => keyFile(`${fake.url}/token`, changes);
  const strangersKey = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey.export({ type: 'pkcs8', format: 'pem' });

  it('gives a token that opens the API for its time', async () => {
    const { status, body } = await askForToken(fake, file(), clock.now());
    expect({ status, body }).toMatchObject({ status: 200, body: { token_type: 'Bearer', expires_in: 3600 } });
    expect((await clientOf(fake, body.access_token).get('zones/us-central1-c/instances')).status).toBe(200);
  });

  it.each<[string, Record<string, unknown>, Record<string, unknown>, number]>([
    ['the key of another', { private_key: strangersKey }, {}, 400],
    ['an account that it does not know', { client_email: 'nobody@example.com' }, {}, 401],
    ['another audience', {}, { aud: 'https://oauth2.googleapis.com/token' }, 400],
    ['an issuer that is no account', {}, { iss: 'somebody' }, 400],
    ['an assertion that has ended', {}, { exp: 1 }, 400],
    ['an assertion for a day', {}, { exp: Date.UTC(2019, 6, 27) / 1000 }, 400],
    ['no scope', {}, { scope: '' }, 400],
  ])('refuses %s', async (_, changes, claims, status) => {
    expect(await askForToken(fake, file(changes), clock.now(), claims)).toMatchObject({ status, body: { error: 'invalid_grant' } });
  });

  it('refuses what is no assertion, and other grants', async () => {
    expect((await post(fake, 'a.b.c')).body.error).toBe('invalid_grant');
    expect((await post(fake, '', 'password')).body.error).toBe('unsupported_grant_type');
  });

  it('lets everybody in while it knows nobody, or when it is told to', async () => {
    const stranger = { client_email: 'you@example.com', private_key: strangersKey };
    for (const options of [{}, { keys: [knownKey], acceptUnknownKeys: true }]) {
      await fake.close();
      await start(options);
      expect((await askForToken(fake, file(stranger), clock.now())).status).toBe(200);
    }
    // An account that it does know must still prove that it is the one.
    expect((await askForToken(fake, file({ private_key: strangersKey }), clock.now())).status).toBe(400);
  });

  it('makes service accounts, whose key files open it at once', async () => {
    const made = await fake.createServiceAccount('robot', 'my-project');
    expect(JSON.parse(made)).toMatchObject({
      type: 'service_account',
      project_id: 'my-project',
      client_email: 'robot@my-project.iam.gserviceaccount.com',
      token_uri: `${fake.url}/token`,
    });
    expect((await askForToken(fake, made, clock.now())).status).toBe(200);
  });
});
