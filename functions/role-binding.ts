import { roleBinding } from '../shared/kinds/rbac/role-binding.ts';
import { apiDoor } from '../shared/lambda/http.ts';

export const api = /* @__PURE__ */ apiDoor(roleBinding);
