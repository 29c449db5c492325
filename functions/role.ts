import { role } from '../shared/kinds/rbac/role.ts';
import { apiDoor } from '../shared/lambda/http.ts';

export const api = /* @__PURE__ */ apiDoor(role);
