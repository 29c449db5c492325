import { machineSet } from '../shared/kinds/machine-set/kind.ts';
import { apiDoor } from '../shared/lambda/http.ts';
import { reconcileDoor } from '../shared/lambda/queue.ts';
import { machineSetController } from '../shared/reconcile/controllers.ts';
import { admit, unknownFields } from './platforms.ts';

export const api = /* @__PURE__ */ apiDoor(machineSet, { admit, unknownFields });
export const reconcile = /* @__PURE__ */ reconcileDoor(machineSetController);
