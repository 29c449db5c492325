import { discoveryDoor } from '../shared/lambda/discovery.ts';

/** /version, /api, /apis, /openapi/v3, customresourcedefinitions, and who somebody is. */
export const api = discoveryDoor();
