import type { Partition } from '../../../kinds/iam/arn.ts';
import { isReserved, masters } from '../../../kinds/iam/reserved.ts';
import { usernameOf } from '../../../kinds/iam/username.ts';
import type { Log } from '../../../ports.ts';
import type { Authenticate, User } from '../../call.ts';
import { byBearerToken, known, sha256, TokenRefused } from '../bearer.ts';
import type { Mapping, Mappings } from './mappings.ts';
import { isPresigned, readPresigned } from './presigned.ts';
import { shareRecent } from './share-recent.ts';
import { stsHosts } from './sts-hosts.ts';
import { type Caller, type Sts, whoCalls } from './who-calls.ts';

export interface AwsIamOptions extends Sts {
  /** Whose STS is believed, such as `us-east-1`. A client asks for tokens of its own region. */
  readonly regions: readonly string[];
  /** `aws` when absent. */
  readonly partition?: Partition;
  readonly mappings: Mappings;
  readonly log: Log;
}

/** Callers that are remembered, a hundred bytes each. */
const mostCallers = 1_000;

/**
 * Knows who sends a token of `aws eks get-token --cluster-name CLUSTER_ID`: a signed request that only STS can verify, and
 * whose sender STS names. A token's caller is remembered; its life and the mapping are looked at each time.
 */
export function awsIam(options: AwsIamOptions): Authenticate {
  const { regions, partition = 'aws', mappings, clock, log } = options;
  const hosts = stsHosts(partition, regions);
  const callers = shareRecent<Caller>(mostCallers);

  return byBearerToken(log, async (token) => {
    if (!isPresigned(token)) return undefined;
    const url = readPresigned(token, hosts, clock.now());
    const caller = await callers(sha256(token).toString('hex'), () => whoCalls(options, url));
    const mapping = await mappings(caller.arn);
    if (mapping === undefined) throw new TokenRefused(`no IAMIdentityMapping is for ${caller.arn}`);
    return userOf(caller, mapping);
  });
}

/** Looks once more at what the kind refuses: a session's name may complete a name, and stored objects may be older than a rule. */
function userOf(caller: Caller, { username, groups }: Mapping): User {
  const name = usernameOf(username, caller);
  if (name === undefined) throw new TokenRefused(`the mapping of ${caller.arn} names a session, and there is none`);
  if (name === '' || isReserved(name) || groups.some((group) => isReserved(group) && group !== masters))
    throw new TokenRefused(`the mapping of ${caller.arn} gives a name that it may not give`);
  return known(name, groups);
}
