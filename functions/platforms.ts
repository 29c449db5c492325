import type { Admit, UnknownFields } from '../shared/api/call.ts';
import { admitPlatform } from '../shared/provisioners/admission.ts';
import { config as aws } from '../shared/provisioners/aws/config.ts';
import { config as gce } from '../shared/provisioners/gce/config.ts';

/** The clouds, as far as an API must know them: names and the keys of `platform.config`, without an SDK. */
const platforms = [
  { platform: 'aws', config: aws },
  { platform: 'gce', config: gce },
];

export const admit: Admit = async (_kind, object) => admitPlatform(platforms, object).causes;

/** Keys of `platform.config` that its cloud does not know. */
export const unknownFields: UnknownFields = (_kind, object) => admitPlatform(platforms, object).unknown;
