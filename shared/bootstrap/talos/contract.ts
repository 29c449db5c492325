import { Invalid } from '../../errors.ts';

/**
 * What a minor version of Talos understands. Decoding is strict, so a config may never be newer than the node that reads
 * it; an older one is understood.
 */
export interface Contract {
  /** 13 of Talos 1.13. */
  readonly minor: number;
  /** Minor versions of Kubernetes that these nodes run, both included. */
  readonly oldestKubernetes: number;
  readonly newestKubernetes: number;
  readonly defaultKubernetes: string;
}

const contracts: readonly Contract[] = [
  { minor: 10, oldestKubernetes: 28, newestKubernetes: 33, defaultKubernetes: '1.33.6' },
  { minor: 11, oldestKubernetes: 29, newestKubernetes: 34, defaultKubernetes: '1.34.1' },
  { minor: 12, oldestKubernetes: 30, newestKubernetes: 35, defaultKubernetes: '1.35.4' },
  { minor: 13, oldestKubernetes: 31, newestKubernetes: 36, defaultKubernetes: '1.36.3' },
];
const oldest = contracts[0]!;
const newest = contracts.at(-1)!;
export const newestTalosVersion = `v1.${newest.minor}`;

/** The contract of a Talos version such as `v1.13` or `1.13.9`. Throws Invalid outside what we can write configs for. */
export function contractOf(talosVersion: string = newestTalosVersion): Contract {
  const minor = /^v?1\.(\d+)($|\.)/.exec(talosVersion)?.[1];
  const contract = contracts.find((candidate) => String(candidate.minor) === minor);
  if (contract) return contract;
  const supported = `v1.${oldest.minor} to ${newestTalosVersion}`;
  const newer = minor !== undefined && Number(minor) > newest.minor;
  throw invalidVersion(
    'talosVersion',
    newer
      ? `Talos ${talosVersion} is newer than ${newestTalosVersion}, the newest supported: write ${newestTalosVersion}, which newer nodes understand`
      : `Talos ${talosVersion} is not supported: write one of ${supported}`,
  );
}

/** `1.35.2`, without a `v`: what was asked for, or the default of this Talos. Throws Invalid when these nodes would not run it. */
export function kubernetesVersionFor(contract: Contract, asked: string = contract.defaultKubernetes): string {
  const version = /^v?(1\.\d+\.\d+(?:-[0-9a-z.-]+)?)$/.exec(asked)?.[1];
  const complaint =
    version === undefined
      ? `${asked} is not a Kubernetes version: write one like v${contract.defaultKubernetes}`
      : windowComplaint(contract, version);
  if (complaint !== undefined) throw invalidVersion('kubernetesVersion', complaint);
  return version!;
}

/** What is wrong with an image of Kubernetes for these nodes: its tag must name a version that they run. */
export function kubernetesImageComplaint(contract: Contract, image: string | undefined): string | undefined {
  if (image === undefined) return undefined;
  const version = /:v(\d+\.\d+\.\d+)/.exec(image)?.[1];
  return version === undefined ? 'must have a tag that names the version, as in :v1.35.2' : windowComplaint(contract, version);
}

function windowComplaint(contract: Contract, version: string): string | undefined {
  const [major, minor] = version.split('.').map(Number);
  if (major === 1 && minor! >= contract.oldestKubernetes && minor! <= contract.newestKubernetes) return undefined;
  return `Kubernetes ${version} does not run on Talos 1.${contract.minor}: write 1.${contract.oldestKubernetes} to 1.${contract.newestKubernetes}`;
}

function invalidVersion(field: string, message: string): Invalid {
  return new Invalid(`${field}: ${message}`, { causes: [{ field, message, reason: 'FieldValueNotSupported' }] });
}
