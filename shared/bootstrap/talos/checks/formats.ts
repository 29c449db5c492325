import { isIP, isIPv4, isIPv6 } from 'node:net';

/** Formats of texts in configs. Each says what is wrong and what to write, or nothing when all is well. */
export type Complaint = string | undefined;

const dnsName = /^[A-Za-z0-9_][A-Za-z0-9_-]{0,62}(\.[A-Za-z0-9_][A-Za-z0-9_-]{0,62})*[._]?$/;

export const dnsNameComplaint = (name: string): Complaint =>
  name.length <= 255 && dnsName.test(name) ? undefined : 'must be a DNS name such as cluster.local';

export const addressOrDnsNameComplaint = (name: string): Complaint =>
  isIP(name) !== 0 || dnsNameComplaint(name) === undefined ? undefined : 'must be an IP address or a DNS name';

/** `https://203.0.113.10:6443`: scheme, host, and a port between 1 and 65535 if there is one; IPv6 in brackets. */
export function endpointComplaint(endpoint: string): Complaint {
  const example = 'must be a URL such as https://203.0.113.10:6443';
  const authority = /^[a-z][a-z0-9+.-]*:\/\/([^/?#]*)/i.exec(endpoint)?.[1];
  if (!authority) return `${example}, with scheme and host`;
  const [, host = '', port] = /^(\[[^\]]*\]|[^:[\]]*)(?::(\d+))?$/.exec(authority) ?? [];
  if (host === '') return `${example}, an IPv6 address in brackets`;
  const bare = host.replace(/^\[|\]$/g, '');
  if (host !== bare && !isIPv6(bare)) return `${example}, an IPv6 address in brackets`;
  if (host === bare && addressOrDnsNameComplaint(host)) return `${example}, with an IP address or a DNS name`;
  if (port !== undefined && (Number(port) < 1 || Number(port) > 65_535)) return `${example}, with a port between 1 and 65535`;
  return undefined;
}

export function cidrComplaint(cidr: string): Complaint {
  const [address = '', prefix, ...rest] = cidr.split('/');
  const longest = isIPv4(address) ? 32 : 128;
  const valid = isIP(address) !== 0 && rest.length === 0 && /^\d{1,3}$/.test(prefix ?? '') && Number(prefix) <= longest;
  return valid ? undefined : 'must be a subnet such as 10.244.0.0/16';
}

/** An address or a subnet; `!` before it leaves it out. */
export function subnetFilterComplaint(filter: string): Complaint {
  const subnet = filter.replace(/^!/, '');
  return isIP(subnet) !== 0 || cidrComplaint(subnet) === undefined
    ? undefined
    : 'must be an address or a subnet, with ! before it to exclude';
}

const qualifiedName = /^([A-Za-z0-9][-A-Za-z0-9_.]{0,61})?[A-Za-z0-9]$/;
const dns1123Subdomain = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;

/** The keys of labels, annotations and taints: an optional DNS prefix and a slash, then at most 63 characters. */
export function qualifiedNameComplaint(name: string): Complaint {
  const parts = name.split('/');
  const prefix = parts.length === 2 ? parts[0]! : 'none';
  const valid = parts.length <= 2 && prefix.length <= 253 && dns1123Subdomain.test(prefix) && qualifiedName.test(parts.at(-1)!);
  return valid ? undefined : 'must be a qualified name such as example.com/name';
}

export const labelValueComplaint = (value: string): Complaint =>
  value === '' || qualifiedName.test(value) ? undefined : 'must be at most 63 letters, digits, dashes, dots and underscores';

const taintEffects = ['NoSchedule', 'PreferNoSchedule', 'NoExecute'];

/** `NoSchedule` or `value:NoSchedule`. */
export function taintComplaint(taint: string): Complaint {
  const [value, effect, ...rest] = taint.includes(':') ? taint.split(':') : ['', taint];
  const valid = rest.length === 0 && taintEffects.includes(effect!) && labelValueComplaint(value!) === undefined;
  return valid ? undefined : `must be an effect, or value:effect; effects are ${taintEffects.join(', ')}`;
}
