import type { Api } from '../api/call.ts';
import { createDiscovery } from '../api/create-discovery.ts';
import { generatedFor } from '../api/generated.ts';
import { kinds } from '../kinds/index.ts';
import { onHost } from './http.ts';

/** What a client asks before it asks for objects: versions, groups, schemas, definitions, who it is and what it may. */
export const discoveryDoor = (): Api => onHost((ports) => createDiscovery({ ...ports, kinds, generated: generatedFor(kinds, ports) }));
