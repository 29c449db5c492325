import { spawnSync } from 'node:child_process';
import { describe, expect, it } from '@jest/globals';
import { awsIam } from '../../../shared/api/authenticate/aws/aws-iam.ts';
import { mappingsFrom } from '../../../shared/api/authenticate/aws/mappings.ts';
import { createMemoryStore } from '../../../shared/store/memory.ts';
import { seededRandom, virtualClock } from '../../clock.ts';
import { collectingLog } from './plane.ts';
import { modelSts } from './sts.ts';

const Arn = 'arn:aws:iam::123456789012:user/ada';
const identities = { AKIAEXAMPLE: { secret: 'x', Account: '123456789012', Arn, UserId: 'AIDAADA' } };

/** A plane that is called p, at a time. */
function who(at: number, token: string, clusterId = 'p') {
  const clock = virtualClock(at);
  const store = createMemoryStore({ clock, random: seededRandom(1) });
  const authenticate = awsIam({
    clusterId,
    regions: ['us-east-1'],
    ask: modelSts(identities, clock),
    clock,
    mappings: mappingsFrom(store, { clock, admins: [Arn] }),
    log: collectingLog([]),
  });
  return authenticate(new Request('https://p', { headers: { authorization: `Bearer ${token}` } }));
}

describe('a token that the aws command line has made', () => {
  // aws-cli 1.45 with the key above, of 2026-11-22T22:04:11Z.
  const recorded =
    'k8s-aws-v1.aHR0cHM6Ly9zdHMudXMtZWFzdC0xLmFtYXpvbmF3cy5jb20vP0FjdGlvbj1HZXRDYWxsZXJJZGVudGl0eSZWZXJzaW9uPTIwMTEtMDYtMTUmWC1BbXotQWxnb3JpdGhtPUFXUzQtSE1BQy1TSEEyNTYmWC1BbXotQ3JlZGVudGlhbD1BS0lBRVhBTVBMRSUyRjIwMjYxMTIyJTJGdXMtZWFzdC0xJTJGc3RzJTJGYXdzNF9yZXF1ZXN0JlgtQW16LURhdGU9MjAyNjExMjJUMjIwNDExWiZYLUFtei1FeHBpcmVzPTYwJlgtQW16LVNpZ25lZEhlYWRlcnM9aG9zdCUzQngtazhzLWF3cy1pZCZYLUFtei1TaWduYXR1cmU9NDczMTgwMzFmNmQ0YjMxYmZlODRjOGI0ZDFkZThkOWY2YmZkMDYyMTU1ZDQ5Yjk5YzI3NTljYzY5MzkyMTk3Yg';
  const made = Date.UTC(2026, 10, 22, 22, 4, 11);

  it('opened the plane it was made for, then', async () => {
    expect((await who(made + 60_000, recorded))?.name).toBe(Arn);
    expect(await who(made + 60_000, recorded, 'q')).toBeUndefined();
    expect(await who(made + 16 * 60_000, recorded)).toBeUndefined();
  });

  const withAws = spawnSync('aws', ['--version']).status === 0 ? it : it.skip;
  withAws('opens the plane it was made for, now', async () => {
    const env = {
      PATH: process.env.PATH,
      AWS_ACCESS_KEY_ID: 'AKIAEXAMPLE',
      AWS_SECRET_ACCESS_KEY: 'x',
      AWS_CONFIG_FILE: '/dev/null',
      AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
    };
    const { stdout } = spawnSync('aws', ['eks', 'get-token', '--cluster-name', 'p', '--region', 'us-east-1'], { env, encoding: 'utf8' });
    const { token } = JSON.parse(stdout).status;
    expect((await who(Date.now(), token))?.name).toBe(Arn);
    expect(await who(Date.now(), token, 'q')).toBeUndefined();
  });
});
