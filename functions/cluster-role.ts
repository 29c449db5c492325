import { clusterRole } from '../shared/kinds/rbac/cluster-role.ts';
import { apiDoor } from '../shared/lambda/http.ts';

export const api = /* @__PURE__ */ apiDoor(clusterRole);
