/** The API that is measured, in a process of its own, on a leash: it ends with the benchmark. */
import { admit, unknownFields } from '../../../../functions/platforms.ts';
import { createApi } from '../../../../shared/api/api.ts';
import { staticTokens } from '../../../../shared/api/authenticate/static.ts';
import { ensureDefaultRoles } from '../../../../shared/api/authorize/ensure-default-roles.ts';
import { rbac } from '../../../../shared/api/authorize/rbac.ts';
import { kinds } from '../../../../shared/kinds/index.ts';
import { systemClock as clock, systemRandom as random } from '../../../system.ts';
import { openAccess } from '../../access.ts';
import { writeKubeconfig } from '../../files.ts';
import { serveHttps } from '../../https/serve-https.ts';
import { silentLog as log } from '../../log.ts';
import { peakRssMb } from './memory.ts';
import type { FromServer, ToServer } from './server-process.ts';
import { openBenchStore } from './store.ts';

const [data = ''] = process.argv.slice(2);
const say = (message: FromServer): void => void process.send?.(message);
process.on('disconnect', () => process.exit(1));

const { store, close } = await openBenchStore(data);
await ensureDefaultRoles(store);
const access = await openAccess(data, clock, random);
const authenticate = staticTokens([access.admin]);
const handler = createApi({ kinds, store, clock, random, log, admit, unknownFields, authenticate, ...rbac(store, { clock }) });
const server = await serveHttps({ handler, host: '127.0.0.1', port: 0, log, ...access.serving });

async function stop(): Promise<void> {
  await server.close();
  await close();
  process.exit(0);
}

process.on('message', (message: ToServer) => {
  if (message.is === 'usage?') say({ is: 'usage', peakRssMb: peakRssMb() });
  else void stop();
});
say({ is: 'ready', kubeconfig: writeKubeconfig(data, server.url, access) });
