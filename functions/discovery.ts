import { discoveryDoor } from '../shared/lambda/http.ts';

/** /version, /api, /apis, /openapi/v3, and who somebody is. */
export const api = discoveryDoor();
