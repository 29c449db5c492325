import type { KubeObject } from '../shared/kinds/object.ts';
import { admitPlatform } from '../shared/provisioners/admission.ts';
import { config as aws } from '../shared/provisioners/aws/config.ts';
import { config as gce } from '../shared/provisioners/gce/config.ts';

/** The clouds, as far as an API must know them: names and the keys of `platform.config`, without an SDK. */
const platforms = [
  { platform: 'aws', config: aws },
  { platform: 'gce', config: gce },
];

export const admit = async (_kind: unknown, object: KubeObject) => {
  const { causes, unknown } = admitPlatform(platforms, object);
  return [...causes, ...unknown.map((field) => ({ field, reason: 'FieldValueForbidden' as const, message: `unknown field "${field}"` }))];
};
