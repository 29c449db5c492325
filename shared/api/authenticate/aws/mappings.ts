import { Invalid } from '../../../errors.ts';
import { arnKey, readArn } from '../../../kinds/iam/arn.ts';
import { iamIdentityMapping } from '../../../kinds/iam/kind.ts';
import { masters } from '../../../kinds/iam/reserved.ts';
import type { ObjectName } from '../../../kinds/object.ts';
import type { Clock } from '../../../ports.ts';
import type { Store } from '../../../store/store.ts';

/** Who somebody in IAM is here. */
export interface Mapping {
  /** May have templates; see the kind. */
  readonly username: string;
  readonly groups: readonly string[];
}

/** Undefined: the principal of this canonical ARN is nobody here. */
export type Mappings = (arn: string) => Promise<Mapping | undefined>;

/** How long a list of mappings is believed: what is taken from somebody ends for them within this time. */
const believedFor = 10_000;

/**
 * The plane's `admins` (ARNs: whoever deployed it can apply the first mapping), who are masters under their own ARN, and
 * then what the IAMIdentityMappings say. Throws Invalid for an admin that is no principal.
 */
export function mappingsFrom(store: Store, options: { readonly clock: Clock; readonly admins: readonly string[] }): Mappings {
  const { clock } = options;
  const admins = new Map(options.admins.map(adminOf));
  let listed: { readonly at: number; readonly mappings: Promise<ReadonlyMap<string, Mapping>> } | undefined;

  function mapped(): Promise<ReadonlyMap<string, Mapping>> {
    const now = clock.now();
    if (listed !== undefined && now < listed.at + believedFor) return listed.mappings;
    const reading = { at: now, mappings: listMappings(store) };
    listed = reading;
    reading.mappings.catch(() => {
      if (listed === reading) listed = undefined;
    });
    return reading.mappings;
  }

  return async (arn) => admins.get(arnKey(arn)) ?? (await mapped()).get(arnKey(arn));
}

function adminOf(arn: string): [string, Mapping] {
  const principal = readArn(arn);
  if (principal === undefined)
    throw new Invalid(
      `admins: ${arn} is no principal: write the ARN of an IAM role, user or account root, such as arn:aws:iam::123456789012:role/Admin`,
    );
  return [arnKey(principal.arn), { username: principal.arn, groups: [masters] }];
}

/** By key of the ARN. Of several the first by name counts; one on its way out counts no more. */
async function listMappings(store: Store): Promise<ReadonlyMap<string, Mapping>> {
  const mappings = new Map<string, Mapping>();
  for (let after: ObjectName | undefined, more = true; more; ) {
    const { items, next } = await store.list(iamIdentityMapping, after && { after });
    for (const { metadata, spec } of items) {
      const principal = readArn(spec.arn);
      if (principal === undefined || metadata.deletionTimestamp !== undefined || mappings.has(arnKey(principal.arn))) continue;
      mappings.set(arnKey(principal.arn), { username: spec.username, groups: spec.groups ?? [] });
    }
    after = next;
    more = next !== undefined;
  }
  return mappings;
}
