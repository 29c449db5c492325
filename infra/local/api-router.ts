import type { Api } from '../../shared/api/call.ts';
import { parsePath } from '../../shared/api/request/route.ts';
import { servedAs } from '../../shared/kinds/aliases.ts';
import { kinds } from '../../shared/kinds/index.ts';
import { metered } from './meter.ts';

/** What API Gateway does: a resource's path goes to its function, everything else to discovery. */
export function routeTo(apis: Readonly<Record<string, Api>>, discovery: Api): Api {
  const byResource = new Map(
    kinds.flatMap((kind) => servedAs(kind).map(({ group, plural }) => [`${group}/${plural}`, apis[kind.kind]] as const)),
  );
  return (request) => {
    const path = safely(() => parsePath(new URL(request.url).pathname));
    const api = path === undefined ? undefined : byResource.get(`${path.group}/${path.resource}`);
    return metered(`api ${request.method} ${path?.resource}`, async () => (api ?? discovery)(request));
  };
}

/** A path that cannot be read is discovery's to refuse, in Kubernetes' words. */
function safely<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}
