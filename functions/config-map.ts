import { configMap } from '../shared/kinds/core/config-map.ts';
import { apiDoor } from '../shared/lambda/http.ts';

export const api = /* @__PURE__ */ apiDoor(configMap);
