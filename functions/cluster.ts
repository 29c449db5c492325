import { cluster } from '../shared/kinds/cluster/kind.ts';
import { apiDoor } from '../shared/lambda/http.ts';
import { reconcileDoor } from '../shared/lambda/queue.ts';
import { clusterController } from '../shared/reconcile/controllers.ts';

export const api = /* @__PURE__ */ apiDoor(cluster);
export const reconcile = /* @__PURE__ */ reconcileDoor(clusterController);
