import { machine } from '../shared/kinds/machine/kind.ts';
import { apiDoor } from '../shared/lambda/http.ts';
import { reconcileDoor } from '../shared/lambda/queue.ts';
import { machineController } from '../shared/reconcile/controllers.ts';
import { admit, unknownFields } from './platforms.ts';

export const api = /* @__PURE__ */ apiDoor(machine, { admit, unknownFields });
export const reconcile = /* @__PURE__ */ reconcileDoor(machineController);
