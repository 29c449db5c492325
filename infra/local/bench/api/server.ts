/** The API that is measured, in a process of its own, on a leash: it ends with the benchmark. */
import { join } from 'node:path';
import { admit, unknownFields } from '../../../../functions/platforms.ts';
import { createApi } from '../../../../shared/api/api.ts';
import { staticTokens } from '../../../../shared/api/authenticate/static.ts';
import { ensureDefaultRoles } from '../../../../shared/api/authorize/ensure-default-roles.ts';
import { rbac } from '../../../../shared/api/authorize/rbac.ts';
import { kinds } from '../../../../shared/kinds/index.ts';
import { machine } from '../../../../shared/kinds/machine/kind.ts';
import { createDynamoStore, ensureNamespaces, ensureTable } from '../../../../shared/store/dynamodb.ts';
import { aesSealer } from '../../../../shared/store/seal.ts';
import { systemClock as clock, systemRandom as random } from '../../../system.ts';
import { openAccess } from '../../access.ts';
import { localClient } from '../../dynamodb/client.ts';
import { startDynamoDb } from '../../dynamodb/host.ts';
import { localKeyRing } from '../../dynamodb/key-file.ts';
import { writeKubeconfig } from '../../files.ts';
import { serveHttps } from '../../https/serve-https.ts';
import { silentLog as log } from '../../log.ts';
import { readyMachine } from './machines.ts';
import { peakRssMb } from './memory.ts';
import type { FromServer, ToServer } from './server-process.ts';

const [data = ''] = process.argv.slice(2);
const table = 'plastron';
const say = (message: FromServer): void => void process.send?.(message);
process.on('disconnect', () => process.exit(1));

// As `open-store.ts` and `plane.ts` have it, without those whom a write wakes: they would answer ten thousand machines with work.
const dynamodb = await startDynamoDb({ path: join(data, 'dynamodb') });
const client = localClient(dynamodb.endpoint);
await ensureTable({ client, table });
const sealer = aesSealer(localKeyRing(join(data, 'sealing-keys.json')), random);
const store = createDynamoStore({ client, table, clock, random, sealer, overlapMs: 0, pollMs: 1000 });
await ensureNamespaces(store);
await ensureDefaultRoles(store);
const access = await openAccess(data, clock, random);
const handler = createApi({
  kinds,
  store,
  clock,
  random,
  log,
  admit,
  unknownFields,
  authenticate: staticTokens([access.admin]),
  ...rbac(store, { clock }),
});
const server = await serveHttps({ handler, host: '127.0.0.1', port: 0, log, ...access.serving });

/** At once, so that filling takes no longer than it must; few enough that it is not what takes most memory. */
const atOnce = 16;

async function fill(from: number, to: number): Promise<void> {
  let next = from;
  const fillOn = async (): Promise<void> => {
    while (next < to) {
      await store.create(machine, readyMachine(next++));
      if (next % 100 === 0) say({ is: 'filled', to: next });
    }
  };
  await Promise.all(Array.from({ length: atOnce }, fillOn));
}

process.on('message', (message: ToServer) => {
  if (message.is === 'usage?') say({ is: 'usage', peakRssMb: peakRssMb() });
  else if (message.is === 'fill') void fill(message.from, message.to).then(() => say({ is: 'full' }));
  else void server.close().then(() => process.exit(0));
});
say({ is: 'ready', kubeconfig: writeKubeconfig(data, server.url, access) });
