import { mastersOnly } from '../../../shared/api/authorize.ts';
import type { Api } from '../../../shared/api/call.ts';
import { gatewayDoor } from '../../../shared/lambda/gateway.ts';
import { openAuthenticators } from './authenticators.ts';
import { environment } from './environment.ts';
import { logged, start } from './start.ts';
import { openTable } from './table.ts';

/** An API of one kind, or discovery, behind API Gateway. */
export function serve(api: Api) {
  const table = openTable();
  start({ ...table, authenticate: openAuthenticators(table.store), authorize: mastersOnly, longestWatch: environment.longestWatch() });
  return logged(gatewayDoor(api));
}
