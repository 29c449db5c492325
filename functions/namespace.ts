import { namespace } from '../shared/kinds/core/namespace.ts';
import { apiDoor } from '../shared/lambda/http.ts';

export const api = /* @__PURE__ */ apiDoor(namespace);
