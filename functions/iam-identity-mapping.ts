import { iamIdentityMapping } from '../shared/kinds/iam/kind.ts';
import { apiDoor } from '../shared/lambda/http.ts';

export const api = /* @__PURE__ */ apiDoor(iamIdentityMapping);
