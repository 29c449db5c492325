import { clusterRoleBinding } from '../shared/kinds/rbac/cluster-role-binding.ts';
import { apiDoor } from '../shared/lambda/http.ts';

export const api = /* @__PURE__ */ apiDoor(clusterRoleBinding);
