import { awsIam } from '../../../shared/api/authenticate/aws/aws-iam.ts';
import { mappingsFrom } from '../../../shared/api/authenticate/aws/mappings.ts';
import { firstOf } from '../../../shared/api/authenticate/bearer.ts';
import { type JwtOptions, jwt } from '../../../shared/api/authenticate/jwt/jwt.ts';
import type { Authenticate } from '../../../shared/api/call.ts';
import type { Partition } from '../../../shared/kinds/iam/arn.ts';
import type { Store } from '../../../shared/store/store.ts';
import { environment } from './environment.ts';
import { system } from './start.ts';

/** Who somebody is: by AWS, or by the issuer that the plane was told to believe. */
export function openAuthenticators(store: Store): Authenticate {
  const ports = { ...system, ask: (url: string, request: RequestInit) => fetch(url, request) };
  const mappings = mappingsFrom(store, { clock: system.clock, admins: environment.admins() });
  const partition = partitionOf(environment.region());
  const byAws = awsIam({ ...ports, clusterId: environment.plane(), partition, regions: environment.regions(), mappings });
  const issuer = environment.oidc();
  if (issuer === undefined) return byAws;
  return firstOf(byAws, jwt({ ...ports, ...(JSON.parse(issuer) as Pick<JwtOptions, 'issuer' | 'audience'>) }));
}

function partitionOf(region: string): Partition {
  if (region.startsWith('cn-')) return 'aws-cn';
  if (region.startsWith('us-gov-')) return 'aws-us-gov';
  return region.startsWith('eusc-') ? 'aws-eusc' : 'aws';
}
