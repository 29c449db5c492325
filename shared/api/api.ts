import { answerCall } from './answer-call.ts';
import type { Api, ApiOptions } from './call.ts';
import { serve } from './serve.ts';
import { throughAliases } from './stored-once.ts';

export type { Api } from './call.ts';

/** The whole API for its kinds: discovery and objects. */
export function createApi(options: ApiOptions): Api {
  const { kinds, allKinds = kinds } = options;
  const api = { ...options, store: throughAliases(options.store) };
  return serve({ ...options, kinds: allKinds }, { kinds, answer: (call) => answerCall(api, call) });
}
