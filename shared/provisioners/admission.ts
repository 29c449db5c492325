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

interface WithPlatform {
  providerSpec?: { value?: { platform?: { type?: unknown; config?: unknown } } };
}

/** Checks the platform of a Machine, or of the template of a MachineSet or MachineDeployment, against the clouds there are. */
export function admitPlatform(clouds: readonly CloudFace[], object: KubeObject): Admission {
  const spec = object.spec as (WithPlatform & { template?: { spec?: WithPlatform } }) | undefined;
  const inTemplate = spec?.template !== undefined;
  const platform = (inTemplate ? spec.template?.spec : spec)?.providerSpec?.value?.platform;
  const field = `${inTemplate ? 'spec.template.spec' : 'spec'}.providerSpec.value.platform`;
  if (typeof platform?.type !== 'string' || typeof platform.config !== 'string') return { causes: [], unknown: [] };
  const cloud = clouds.find((c) => c.platform === platform.type);
  if (cloud !== undefined) return readConfig(cloud, platform.config, `${field}.config`);
  const known = clouds.map((c) => `"${c.platform}"`).join(', ');
  const message = `"${platform.type}": supported values: ${known}`;
  return { causes: [{ field: `${field}.type`, reason: 'FieldValueNotSupported', message }], unknown: [] };
}
