import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { admit, unknownFields } from '../../functions/platforms.ts';
import { serveHttps } from '../../infra/local/https/serve-https.ts';
import { kubeconfigText } from '../../infra/local/kubectl/kubeconfig.ts';
import { type Kubectl, kubectl } from '../../infra/local/kubectl/kubectl.ts';
import { createApi } from '../../shared/api/api.ts';
import { staticTokens } from '../../shared/api/authenticate.ts';
import { kinds } from '../../shared/kinds/index.ts';
import type { Clock, Log } from '../../shared/ports.ts';
import { createMemoryStore } from '../../shared/store/memory.ts';
import { ensureNamespaces } from '../../shared/store/namespaces.ts';
import type { Store } from '../../shared/store/store.ts';
import { seededRandom } from '../clock.ts';
import { createAuthority } from '../local/https/certificates.ts';

export interface Plane {
  readonly kubectl: Kubectl;
  readonly store: Store;
  /** Method, path and query, and status of every request since the last call. */
  requests(): string[];
  close(): Promise<void>;
}

const realClock: Clock = {
  now: Date.now,
  sleep: async (ms, signal) => {
    // An abort ends the sleep; it does not reject.
    await sleep(ms, undefined, { signal }).catch(() => {});
  },
};

const errorsOnly: Log = { debug: () => {}, info: () => {}, warn: () => {}, error: (sentence, fields) => console.error(sentence, fields) };

/** The API over HTTPS with the memory store, and a real kubectl that opens it. No reconciler runs. */
export async function startPlane(): Promise<Plane> {
  const clock = realClock;
  const random = seededRandom(Date.now());
  const store = createMemoryStore({ clock, random });
  await ensureNamespaces(store);
  const token = 'a-token-for-this-test';
  const authenticate = staticTokens([{ token, user: 'tester', groups: ['system:masters'] }]);
  const api = createApi({ kinds, store, clock, random, log: errorsOnly, authenticate, admit, unknownFields });
  const authority = await createAuthority('plastron test');
  const seen: string[] = [];
  const server = await serveHttps({
    ...(await authority.server()),
    host: '127.0.0.1',
    port: 0,
    log: errorsOnly,
    handler: async (request) => {
      const response = await api(request);
      const { pathname, search } = new URL(request.url);
      seen.push(`${request.method} ${pathname}${search} ${response.status}`);
      return response;
    },
  });
  const folder = mkdtempSync(join(tmpdir(), 'plastron-clients-'));
  const kubeconfig = join(folder, 'kubeconfig');
  writeFileSync(kubeconfig, kubeconfigText({ name: 'test', server: server.url, certificateAuthority: authority.cert, token }));
  return {
    kubectl: kubectl({ kubeconfig }),
    store,
    requests: () => seen.splice(0),
    async close() {
      await server.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
