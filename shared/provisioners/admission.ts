import type { Cause } from '../errors.ts';
import type { KubeObject } from '../kinds/object.ts';
import type { Cloud } from './provisioner.ts';
import { readConfig } from './read-config.ts';

/** What of a cloud an API needs: no SDK comes with it. */
export type CloudFace = Pick<Cloud, 'platform' | 'config'>;

export interface Admission {
  readonly causes: readonly Cause[];
  /** Paths of unknown keys: an error, a warning or nothing, as `fieldValidation` says. */
  readonly unknown: readonly string[];
}

/** Checks the platform of a Machine, a MachineClass, or the template of a MachineSet or MachineDeployment against the clouds there are. */
export function admitPlatform(clouds: readonly CloudFace[], object: KubeObject): Admission {
  const path = pathsOfPlatform[object.kind] ?? [];
  const platform = at(object, path) as { readonly type?: unknown; readonly config?: unknown } | undefined;
  const field = path.join('.');
  if (typeof platform?.type !== 'string' || typeof platform.config !== 'string') return { causes: [], unknown: [] };
  const cloud = clouds.find((c) => c.platform === platform.type);
  if (cloud !== undefined) return readConfig(cloud, platform.config, `${field}.config`);
  const known = clouds.map((c) => `"${c.platform}"`).join(', ');
  const message = `"${platform.type}": supported values: ${known}`;
  return { causes: [{ field: `${field}.type`, reason: 'FieldValueNotSupported', message }], unknown: [] };
}

const inMachine = ['spec', 'providerSpec', 'value', 'platform'];
const inTemplate = ['spec', 'template', ...inMachine];

/** Where the platform is, by kind. The object may be unsound. */
const pathsOfPlatform: Readonly<Record<string, readonly string[]>> = {
  Machine: inMachine,
  MachineSet: inTemplate,
  MachineDeployment: inTemplate,
  MachineClass: ['providerSpec', 'platform'],
};

const at = (object: unknown, path: readonly string[]): unknown =>
  path.reduce((value, key) => (value as Readonly<Record<string, unknown>> | null | undefined)?.[key], object);
