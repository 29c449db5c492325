import { createApi } from '../api/api.ts';
import type { Api, ApiOptions } from '../api/call.ts';
import type { Kind } from '../kinds/define-kind.ts';
import { kinds } from '../kinds/index.ts';
import { type Host, host } from './host.ts';

/** The API of one kind, over web requests. `checks`: what its schema cannot say and its objects alone can show. */
export function apiDoor(kind: Kind, checks: Pick<ApiOptions, 'admit' | 'unknownFields'> = {}): Api {
  return onHost((ports) => createApi({ ...ports, kinds: [kind], allKinds: kinds, ...checks }));
}

/** Made once for each host, at the first request. */
export function onHost(make: (ports: Host) => Api): Api {
  const made = new WeakMap<Host, Api>();
  return (request) => {
    const ports = host();
    const api = made.get(ports) ?? make(ports);
    made.set(ports, api);
    return api(request);
  };
}
