import { BlockList, isIPv4 } from 'node:net';
import type { Cause } from '../../../errors.ts';
import type { BootstrapCluster } from '../../bootstrap.ts';
import { refuse } from '../documents.ts';
import { addressOrDnsNameComplaint, type Complaint, cidrComplaint, dnsNameComplaint, endpointComplaint } from './formats.ts';

/** Refuses what is wrong with a cluster before anything is rendered for it: throws Invalid naming each field. */
export function checkCluster(cluster: BootstrapCluster): void {
  const causes: Cause[] = [];
  const report = (field: string, message: Complaint) => {
    if (message !== undefined) causes.push({ field, message, reason: 'FieldValueInvalid' });
  };
  report('cluster.name', /^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/.test(cluster.name) ? undefined : 'must be a DNS label');
  report('cluster.endpoint', endpointComplaint(cluster.endpoint));
  report('cluster.dnsDomain', dnsNameComplaint(cluster.dnsDomain));
  if (cluster.masterAddresses.length === 0) report('cluster.masterAddresses', 'must hold at least one address');
  cluster.masterAddresses.forEach((address, i) => {
    report(`cluster.masterAddresses[${i}]`, addressOrDnsNameComplaint(address));
  });
  checkSubnets(cluster, report);
  refuse('bootstrap', causes);
}

/** Pods and services must not share an address, or one of them is never reached. */
function checkSubnets(cluster: BootstrapCluster, report: (field: string, message: Complaint) => void): void {
  const subnets = (['podSubnets', 'serviceSubnets'] as const).flatMap((field) => {
    if (cluster[field].length === 0) report(`cluster.${field}`, 'must hold at least one subnet');
    return cluster[field].map((cidr, i) => ({ field: `cluster.${field}[${i}]`, cidr, complaint: cidrComplaint(cidr) }));
  });
  for (const { field, complaint } of subnets) report(field, complaint);
  const sound = subnets.filter(({ complaint }) => complaint === undefined);
  sound.forEach(({ field, cidr }, i) => {
    const other = sound.slice(0, i).find((earlier) => overlap(earlier.cidr, cidr));
    if (other) report(field, `${cidr} overlaps ${other.cidr} of ${other.field}`);
  });
}

/** Subnets are nested or apart, so they overlap when one holds any address of the other: the one it is written with. */
function overlap(a: string, b: string): boolean {
  const holds = (cidr: string, address: string) => {
    const [network = '', prefix] = cidr.split('/');
    const list = new BlockList();
    list.addSubnet(network, Number(prefix), familyOf(network));
    return list.check(address, familyOf(address));
  };
  const member = (cidr: string) => cidr.split('/')[0]!;
  return holds(a, member(b)) || holds(b, member(a));
}

const familyOf = (address: string) => (isIPv4(address) ? 'ipv4' : 'ipv6');
