import { secret } from '../shared/kinds/core/secret.ts';
import { apiDoor } from '../shared/lambda/http.ts';

export const api = /* @__PURE__ */ apiDoor(secret);
