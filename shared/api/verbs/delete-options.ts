import * as z from 'zod';
import type { Cause } from '../../errors.ts';
import type { Propagation } from '../../kinds/deletion.ts';
import type { Call } from '../call.ts';
import { readBody } from '../request/body.ts';
import { dryRunCauses, flag, invalidOptions } from '../request/query.ts';
import { badRequest } from '../status.ts';

export interface DeleteOptions {
  readonly dryRun: boolean;
  /** Absent: as the object's finalizers say already. */
  readonly propagation?: Propagation;
  readonly uid?: string;
  readonly resourceVersion?: string;
}

/** Not one issue for each item: there may be a million. */
const texts = z.custom<string[]>((value) => Array.isArray(value) && value.every((item) => typeof item === 'string'));

const schema = z.object({
  kind: z.literal('DeleteOptions').optional(),
  propagationPolicy: z.string().nullish(),
  orphanDependents: z.boolean().nullish(),
  preconditions: z.object({ uid: z.string().nullish(), resourceVersion: z.string().nullish() }).nullish(),
  dryRun: texts.nullish(),
});

/** Reads DeleteOptions from the body, or from the query where there is no body. Throws 400 and 422. */
export async function readDeleteOptions({ request, query }: Pick<Call, 'request' | 'query'>): Promise<DeleteOptions> {
  const body = await readBody(request);
  const parsed = schema.safeParse(body?.value ?? {});
  if (!parsed.success) throw badRequest('the body of a delete is no DeleteOptions of meta.k8s.io/v1');
  const options = parsed.data;
  const policy = options.propagationPolicy || query.get('propagationPolicy') || undefined;
  const orphan = options.orphanDependents ?? flag(query, 'orphanDependents');
  const dryRun = [...(options.dryRun ?? []), ...query.getAll('dryRun').filter((value) => value !== '')];
  const causes: Cause[] = [...dryRunCauses(dryRun), ...policyCauses(policy, orphan)];
  if (causes.length > 0) throw invalidOptions('DeleteOptions', causes);
  const propagation = (policy as Propagation | undefined) ?? (orphan === undefined ? undefined : orphan ? 'Orphan' : 'Background');
  return {
    dryRun: dryRun.length > 0,
    ...(propagation !== undefined && { propagation }),
    ...(options.preconditions?.uid && { uid: options.preconditions.uid }),
    ...(options.preconditions?.resourceVersion && { resourceVersion: options.preconditions.resourceVersion }),
  };
}

const policies = ['Foreground', 'Background', 'Orphan'];

function policyCauses(policy: string | undefined, orphan: boolean | undefined): Cause[] {
  if (policy !== undefined && orphan !== undefined)
    return [{ field: 'propagationPolicy', message: `"${policy}": orphanDependents and deletionPropagation cannot be both set` }];
  if (policy === undefined || policies.includes(policy)) return [];
  return [
    {
      field: 'propagationPolicy',
      reason: 'FieldValueNotSupported',
      message: `"${policy}": supported values: ${[...policies, ''].map((value) => `"${value}"`).join(', ')}`,
    },
  ];
}
