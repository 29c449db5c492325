import { cluster } from '../shared/kinds/cluster/kind.ts';
import { apiDoor } from '../shared/lambda/http.ts';
import { reconcileDoor } from '../shared/lambda/queue.ts';
import { controllers } from '../shared/reconcile/controllers.ts';

export const api = apiDoor(cluster);
export const reconcile = reconcileDoor(controllers.cluster);
