import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startDynamoDb } from '../../infra/local/dynamodb/host.ts';
import { createStepFunctions } from '../../infra/local/stepfunctions/step-functions.ts';
import { decode } from '../../infra/move/file/format.ts';
import { openLocalSource, openLocalTarget } from '../../infra/move/open-local.ts';
import { cluster } from '../../shared/kinds/cluster/kind.ts';
import { configMap } from '../../shared/kinds/core/config-map.ts';
import { event } from '../../shared/kinds/core/event.ts';
import { secret } from '../../shared/kinds/core/secret.ts';
import type { StateMachine } from '../../shared/kinds/states-language.ts';
import { aCluster, credentialsOf } from '../plane/objects.ts';
import { newOperator, ports } from './fixtures.ts';

const canary = 'canary-9c41d2';
const inBase64 = Buffer.from(canary).toString('base64');

describe('planes on this machine that do not run', () => {
  const operator = newOperator();
  const { directory, told } = operator;
  const at = (name: string): string => join(directory, name);

  beforeAll(async () => {
    const place = await openLocalTarget(at('a'), ports);
    await place.store.create(cluster, aCluster('c'));
    await place.store.create(secret, credentialsOf('east', canary));
    const metadata = { name: 'config', namespace: 'default', annotations: { note: canary } };
    await place.store.create(configMap, { apiVersion: 'v1', kind: 'ConfigMap', metadata, data: { key: canary } });
    const about = { involvedObject: { kind: 'Cluster', name: 'c' }, reason: 'Test' };
    await place.store.create(event, { apiVersion: 'v1', kind: 'Event', metadata: { name: 'e', namespace: 'default' }, ...about });
    await place.close();
    writeFileSync(at('passphrase'), 'correct horse\n');
  });
  afterAll(() => operator.close());

  it('are exported and imported: objects are the same, and due to be looked at', async () => {
    expect(await operator.export({ data: at('a') }, 'plane.jsonl')).toMatchObject({
      exported: 5,
      counts: { Namespace: 2, Secret: 1, ConfigMap: 1, Cluster: 1 },
      encrypted: false,
    });
    expect(await operator.import('plane.jsonl', { data: at('b') })).toEqual({
      imported: 5,
      restored: 3,
      there: 2,
      goneOn: [],
      resumed: ['Cluster default/c'],
    });
    const place = await openLocalSource(at('b'), ports);
    for (const { kind, object } of decode(readFileSync(at('plane.jsonl'))).objects.filter((one) => one.kind.sealed)) {
      const { name, namespace = '' } = object.metadata;
      const found = await place.store.get(kind, { namespace, name });
      expect(found).toEqual({ ...object, metadata: { ...object.metadata, resourceVersion: found?.metadata.resourceVersion } });
    }
    expect(await place.store.due(cluster, 'default', ports.clock.now())).toEqual([{ namespace: 'default', name: 'c' }]);
    await place.close();
  });

  it('show secrets in the export alone', async () => {
    await operator.export({ data: at('b') }, 'locked', { passphraseFile: at('passphrase') });
    await expect(operator.import('locked', { data: at('c') })).rejects.toThrow('is encrypted');
    await operator.import('locked', { data: at('c') }, { passphraseFile: at('passphrase') });
    const files = readdirSync(directory, { recursive: true, withFileTypes: true }).filter((one) => one.isFile());
    const holds = (text: Buffer | string): boolean => text.includes(canary) || text.includes(inBase64);
    const found = files.filter((one) => holds(readFileSync(join(one.parentPath, one.name)))).map(({ name }) => name);
    expect(found).toEqual(['plane.jsonl']);
    expect(told.filter(holds)).toEqual([]);
    expect(told.join('\n')).toContain('it holds keys and credentials in clear');
  });

  it('are not made of a file that is not whole', async () => {
    writeFileSync(at('cut.jsonl'), readFileSync(at('plane.jsonl')).subarray(0, -100));
    await expect(operator.import('cut.jsonl', { data: at('d') })).rejects.toThrow('the export is not whole');
    expect(existsSync(at('d'))).toBe(false);
  });

  it('are not paused when there is nowhere to write to', async () => {
    await expect(operator.export({ data: at('c') }, 'plane.jsonl')).rejects.toThrow('plane.jsonl is there already');
    await expect(operator.export({ data: at('c') }, 'none/plane.jsonl')).rejects.toThrow(/ENOENT.*none\/plane.jsonl/);
    const place = await openLocalSource(at('c'), ports);
    const { metadata } = (await place.store.get(cluster, { namespace: 'default', name: 'c' }))!;
    expect(Object.keys(metadata.annotations ?? {})).toEqual(['plastron.dev/imported-from']);
    await place.close();
  });

  it('must be there, and are not imported into while another process has them', async () => {
    await expect(operator.export({ data: at('nowhere') }, 'x')).rejects.toThrow(/nowhere has no plane: name the directory/);
    const other = await startDynamoDb({ path: join(at('a'), 'dynamodb') });
    await expect(operator.import('plane.jsonl', { data: at('a') })).rejects.toThrow('is in use by another plastron process');
    await expect(operator.export({ data: at('a') }, 'x')).rejects.toThrow(/the plane in .*a is just starting: wait until it says "ready"/);
    await other.close();
  });

  it('are not exported in the middle of an execution, and go on as they were', async () => {
    const waits: StateMachine = {
      StartAt: 'Wait',
      States: { Wait: { Type: 'Wait', Seconds: 3600, Next: 'Done' }, Done: { Type: 'Succeed' } },
    };
    const options = { machines: { 'create-machine': waits }, invoke: async () => undefined, dataDir: join(at('c'), 'executions') };
    const stepFunctions = await createStepFunctions({ ...options, ...ports });
    await stepFunctions.start('create-machine', 'create-uid-1', {});
    await stepFunctions.close();
    const journal = readFileSync(join(at('c'), 'executions', 'executions.jsonl'));
    await expect(operator.export({ data: at('c') }, 'x')).rejects.toThrow(
      /c was stopped in the middle of create-uid-1, which only it can end: start it, and export it while it runs/,
    );
    expect(told.slice(-2)).toEqual(['pauses Cluster default/c', 'lets go what it has paused']);
    expect(readFileSync(join(at('c'), 'executions', 'executions.jsonl'))).toEqual(journal);
    expect(await operator.export({ data: at('c') }, 'backup', { pause: false })).toMatchObject({ exported: 5 });
  });
});
