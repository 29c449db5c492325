import type { Partition } from '../../../kinds/iam/arn.ts';

/** Domains of regional endpoints: the plain one, and that of both IPv4 and IPv6. */
const domains: Readonly<Record<Partition, readonly string[]>> = {
  aws: ['amazonaws.com', 'api.aws'],
  'aws-cn': ['amazonaws.com.cn', 'api.amazonwebservices.com.cn'],
  'aws-us-gov': ['amazonaws.com', 'api.aws'],
  'aws-eusc': ['amazonaws.eu', 'api.amazonwebservices.eu'],
};

/** The hosts that may say who somebody is: STS in these regions, and the global one where there is one. */
export function stsHosts(partition: Partition, regions: readonly string[]): ReadonlySet<string> {
  const regional = regions.flatMap((region) => domains[partition].flatMap((d) => [`sts.${region}.${d}`, `sts-fips.${region}.${d}`]));
  return new Set([...regional, ...(partition === 'aws' ? ['sts.amazonaws.com'] : [])]);
}
