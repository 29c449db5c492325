import { chooseRoute } from '../../../infra/aws/account/gateway.ts';
import type { Routes } from '../../../infra/aws/stack/routes.ts';

/** The entry that answers a path. Undefined: nobody does. */
export function choose(routes: Routes, path: string): string | undefined {
  const route = chooseRoute([...routes.keys()], path);
  return route === undefined ? undefined : routes.get(route);
}
