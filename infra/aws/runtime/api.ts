import { rbac } from '../../../shared/api/authorize/rbac.ts';
import type { Api } from '../../../shared/api/call.ts';
import { gatewayDoor } from '../../../shared/lambda/gateway.ts';
import { openAuthenticators } from './authenticators.ts';
import { environment } from './environment.ts';
import { logged, start, system } from './start.ts';
import { openTable } from './table.ts';

/** An API of one kind, or discovery, behind API Gateway. */
export function serve(api: Api) {
  const table = openTable();
  const authenticate = openAuthenticators(table.store);
  start({ ...table, authenticate, ...rbac(table.store, system), longestWatch: environment.longestWatch() });
  return logged(gatewayDoor(api));
}
