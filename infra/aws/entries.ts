import { readdirSync } from 'node:fs';
import type { Kind } from '../../shared/kinds/define-kind.ts';
import { kinds } from '../../shared/kinds/index.ts';
import { kebab } from './names.ts';

/** A Lambda function of the plane: what it does, and for what. Its bundle and its physical name come from `name`. */
export interface Entry {
  /** `api-machine-deployment`, `steps-gce`: the folder of its bundle, and the end of its function's name. */
  readonly name: string;
  readonly sort: Sort;
  /** File in functions/ without `.ts`, and what the function takes from it. */
  readonly from: string;
  readonly export: string;
  /** Of `api` and `reconcile`. */
  readonly kind?: Kind;
  /** Of `cloud-steps`. */
  readonly platform?: string;
}

export type Sort = 'api' | 'discovery' | 'reconcile' | 'dispatch' | 'executions' | 'collect' | 'sweep' | 'steps' | 'cloud-steps';

const clouds = new URL('../../functions/clouds/', import.meta.url);

/** The platforms that have a file in functions/clouds. */
export const platforms = (): readonly string[] =>
  readdirSync(clouds)
    .filter((file) => file.endsWith('.ts'))
    .map((file) => file.slice(0, -3))
    .sort();

/** Every function of the plane: an API for each kind, a reconciler for those that have one, steps for each cloud, and what wakes them and tidies up. */
export const entries = (ofKinds: readonly Kind[] = kinds, ofPlatforms = platforms()): readonly Entry[] => [
  ...ofKinds.map((kind): Entry => ({ name: `api-${kebab(kind.kind)}`, sort: 'api', from: kebab(kind.kind), export: 'api', kind })),
  ...ofKinds
    .filter(({ reconciled }) => reconciled)
    .map(
      (kind): Entry => ({ name: `reconcile-${kebab(kind.kind)}`, sort: 'reconcile', from: kebab(kind.kind), export: 'reconcile', kind }),
    ),
  { name: 'discovery', sort: 'discovery', from: 'discovery', export: 'api' },
  { name: 'dispatch', sort: 'dispatch', from: 'dispatch', export: 'dispatch' },
  { name: 'executions', sort: 'executions', from: 'dispatch', export: 'executions' },
  { name: 'collect', sort: 'collect', from: 'collect', export: 'collect' },
  { name: 'sweep', sort: 'sweep', from: 'sweep', export: 'sweep' },
  { name: 'steps', sort: 'steps', from: 'steps', export: 'steps' },
  ...ofPlatforms.map(
    (platform): Entry => ({ name: `steps-${platform}`, sort: 'cloud-steps', from: `clouds/${platform}`, export: 'steps', platform }),
  ),
];
