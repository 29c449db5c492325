import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { paginateScan } from '@aws-sdk/client-dynamodb';
import { parse } from 'yaml';
import { demoAccessKeys } from '../../infra/local/clouds/aws/signature.ts';
import { localClient } from '../../infra/local/dynamodb/client.ts';
import { allHistories } from './executions.ts';
import type { Host } from './host.ts';

/** Texts by which a secret would be recognised, whole or in base64. */

/** Where PEM texts and configs are base64 in base64, a piece of the inner text is what one would find. */
const piece = (text: string): string => text.slice(Math.floor(text.length / 2), Math.floor(text.length / 2) + 48);
const pemPiece = (pem: string): string => pem.split('\n')[1]!;

/** All secret texts below a value: every text of a secrets bundle but certificates and the public id. */
function textsOf(value: unknown, key = ''): string[] {
  if (typeof value === 'string') return key === 'crt' || key === 'id' ? [] : [value];
  if (value === null || typeof value !== 'object') return [];
  return Object.entries(value).flatMap(([name, part]) => textsOf(part, name));
}

/** What must not be found of a cluster, of the plane, and of the credentials of its clouds. */
export async function secretsOf(
  host: Pick<Host, 'secretText' | 'list' | 'data'>,
  cluster: string,
  serviceAccounts: readonly string[],
): Promise<string[]> {
  const inBundle = textsOf(parse(await host.secretText(`${cluster}-talos`, 'bundle')));
  const keys = inBundle.map((text) => Buffer.from(text, 'base64').toString()).filter((text) => text.startsWith('-----BEGIN'));
  const bootstrap = (await host.list('secrets')).filter(({ metadata }) => metadata.name.endsWith('-bootstrap-data'));
  const kubeconfigs = [await host.secretText(`${cluster}-kubeconfig`, 'value'), readFileSync(join(host.data, 'kubeconfig'), 'utf8')];
  const users = kubeconfigs.flatMap((text) => textsOf((parse(text) as { users: unknown }).users, 'users'));
  return [
    ...inBundle.map((text) => (text.length > 96 ? piece(text) : text)),
    ...keys.map(pemPiece),
    ...bootstrap.map((object) => piece((object as unknown as { data: { value: string } }).data.value)),
    ...users.filter((text) => text.length > 30).map(piece),
    ...serviceAccounts.map((file) => pemPiece((JSON.parse(file) as { private_key: string }).private_key)),
    ...Object.values(demoAccessKeys),
  ];
}

/** A text in which no secret may be, and what it is called. */
export interface Place {
  readonly place: string;
  readonly text: string;
}

/** The places in which one of the secrets is found, in words. */
export const findIn = (places: readonly Place[], secrets: readonly string[]): string[] =>
  places.flatMap(({ place, text }) =>
    secrets
      .filter((secret) => text.includes(secret) || text.includes(JSON.stringify(secret).slice(1, -1)))
      .map((secret) => `${secret.slice(0, 6)}… in ${place}`),
  );

/** The same for a host; the cloud's own state and the Secrets themselves are not looked at. */
export async function findSecrets(host: Host, secrets: readonly string[]): Promise<string[]> {
  const places: Place[] = [{ place: 'the log', text: host.log() }];
  for (const file of readdirSync(join(host.data, 'executions')))
    places.push({ place: file, text: readFileSync(join(host.data, 'executions', file), 'utf8') });
  for (const { name, text } of await allHistories(host.endpoints().stepFunctions)) places.push({ place: `the history of ${name}`, text });
  for (const resource of ['events', 'clusters', 'machines', 'machinesets', 'machinedeployments'])
    places.push({ place: resource, text: await host.must('get', resource, '-A', '-o', 'json') });
  return findIn([...places, ...(await storedTexts(host.endpoints().dynamodb))], secrets);
}

/** What somebody reads who has the table: the bodies of items that are not sealed, unzipped. */
export async function storedTexts(endpoint: string, table = 'plastron'): Promise<Place[]> {
  const client = localClient(endpoint);
  const texts: Place[] = [];
  for await (const { Items = [] } of paginateScan({ client }, { TableName: table })) {
    for (const { pk, sk, obj } of Items) {
      const bytes = Buffer.from(obj?.B ?? []);
      const isZipped = bytes[0] === 0x1f && bytes[1] === 0x8b;
      texts.push({ place: `the item ${pk?.S} ${sk?.S}`, text: (isZipped ? gunzipSync(bytes) : bytes).toString('latin1') });
    }
  }
  client.destroy();
  return texts;
}
