import { machineDeployment } from '../shared/kinds/machine-deployment/kind.ts';
import { apiDoor } from '../shared/lambda/http.ts';
import { reconcileDoor } from '../shared/lambda/queue.ts';
import { machineDeploymentController } from '../shared/reconcile/controllers.ts';
import { admit, unknownFields } from './platforms.ts';

export const api = /* @__PURE__ */ apiDoor(machineDeployment, { admit, unknownFields });
export const reconcile = /* @__PURE__ */ reconcileDoor(machineDeploymentController);
