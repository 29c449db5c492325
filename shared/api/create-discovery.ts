import type { Api } from './call.ts';
import { type ServeOptions, serve } from './serve.ts';
import { noSuchResource } from './status.ts';

/** Discovery and what is generated, alone: for a host that serves each kind elsewhere. */
export const createDiscovery = (options: ServeOptions): Api =>
  serve(options, { kinds: [], answer: () => Promise.reject(noSuchResource()) });
