import { renameSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Access } from './access.ts';
import { kubeconfigText } from './kubectl/kubeconfig.ts';
import type { PortMap } from './port-map.ts';

/** What others script against: `<data>/endpoints.json`. */
export interface Endpoints {
  /** `https://127.0.0.1:40123` */
  readonly api: string;
  readonly stepFunctions: string;
  readonly dynamodb: string;
  readonly clouds: { readonly aws: string; readonly gce: string };
  /** Addresses as a user would have reserved them beforehand: for `masters.ips`. */
  readonly reservedAddresses: { readonly aws: readonly string[]; readonly gce: readonly string[] };
  readonly keyPairs: { readonly aws: readonly string[] };
  /** Only where nothing but 127.0.0.1 answers: where the ports of reserved addresses are. */
  readonly portMap?: PortMap;
}

export const writeEndpoints = (data: string, endpoints: Endpoints): void =>
  writeWhole(join(data, 'endpoints.json'), `${JSON.stringify(endpoints, null, 2)}\n`);

/** Writes `<data>/kubeconfig` and returns its path. */
export function writeKubeconfig(data: string, server: string, { ca, admin }: Access): string {
  const path = resolve(data, 'kubeconfig');
  writeWhole(path, kubeconfigText({ server, certificateAuthority: ca, token: admin.token, name: 'plastron' }));
  return path;
}

/** A reader sees the old file or the new one, never half of it; only the owner may read it. */
function writeWhole(path: string, text: string): void {
  writeFileSync(`${path}.new`, text, { mode: 0o600 });
  renameSync(`${path}.new`, path);
}
