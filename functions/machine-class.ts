import { machineClass } from '../shared/kinds/machine-class/kind.ts';
import { apiDoor } from '../shared/lambda/http.ts';
import { admit, unknownFields } from './platforms.ts';

export const api = /* @__PURE__ */ apiDoor(machineClass, { admit, unknownFields });
