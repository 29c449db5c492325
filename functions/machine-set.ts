import { machineSet } from '../shared/kinds/machine-set/kind.ts';
import { apiDoor } from '../shared/lambda/http.ts';
import { reconcileDoor } from '../shared/lambda/queue.ts';
import { controllers } from '../shared/reconcile/controllers.ts';
import { admit, unknownFields } from './platforms.ts';

export const api = apiDoor(machineSet, { admit, unknownFields });
export const reconcile = reconcileDoor(controllers.machineSet);
