import { createDiscovery } from '../api/api.ts';
import type { Api } from '../api/call.ts';
import { definitions } from '../api/definitions/definitions.ts';
import { kinds } from '../kinds/index.ts';
import { onHost } from './http.ts';

/** What a client asks before it asks for objects: versions, groups, schemas, definitions, who it is and what it may. */
export const discoveryDoor = (): Api => onHost((ports) => createDiscovery({ ...ports, kinds, generated: [definitions(kinds, ports)] }));
