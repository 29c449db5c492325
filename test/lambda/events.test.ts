import { beforeEach, describe, expect, it } from '@jest/globals';
import type { Context, DynamoDBStreamEvent, EventBridgeEvent, SQSEvent, SQSRecord } from 'aws-lambda';
import { cluster } from '../../shared/kinds/cluster/kind.ts';
import { type ConfigMapObject, configMap } from '../../shared/kinds/core/config-map.ts';
import { namespace } from '../../shared/kinds/core/namespace.ts';
import { terminating } from '../../shared/kinds/deletion.ts';
import { machine } from '../../shared/kinds/machine/kind.ts';
import { collectDoor } from '../../shared/lambda/collect.ts';
import { type ExecutionEnded, executionDoor } from '../../shared/lambda/execution.ts';
import { type Host, useHost } from '../../shared/lambda/host.ts';
import { reconcileDoor } from '../../shared/lambda/queue.ts';
import { sweepDoor } from '../../shared/lambda/schedule.ts';
import { dispatchDoor } from '../../shared/lambda/stream.ts';
import { controllers } from '../../shared/reconcile/controllers.ts';
import { createMemoryStore } from '../../shared/store/memory.ts';
import { newNamespace } from '../../shared/store/namespaces.ts';
import { concernsCollector, type StreamRecord } from '../../shared/store/record.ts';
import { aesSealer, type Key } from '../../shared/store/seal.ts';
import { seededRandom } from '../clock.ts';
import { aCluster, aWorker } from '../plane/objects.ts';
import { type TestPorts, testPorts } from '../reconcile/ports.ts';

/** Events as AWS documents them, with our content. */

let ports: TestPorts;
const logged: string[] = [];
const gauges: Record<string, number> = {};
beforeEach(async () => {
  ports = await testPorts();
  logged.splice(0);
  useHost({
    ...ports,
    settings: { joinTimeout: 1, pace: { share: 4, atLeast: 1, atMost: 2 } },
    invoke: async () => {},
    gauge: (name: string, value: number) => {
      gauges[name] = value;
    },
    log: { debug() {}, info() {}, warn() {}, error: (sentence: string) => void logged.push(sentence) },
  } as unknown as Host);
});
const context = { awsRequestId: 'c6af9ac6-7b61-11e6-9a41-93e8deadbeef', functionName: 'P-test' } as Context;

const key: Key = { id: 'test', bytes: new Uint8Array(32) };
const sealer = aesSealer({ current: () => key, byId: () => key }, seededRandom(3));

/** The records of a store's writes, as the event source mapping of a stream sends them. */
async function streamOf(write: (store: ReturnType<typeof createMemoryStore>) => Promise<unknown>): Promise<DynamoDBStreamEvent['Records']> {
  const records: StreamRecord[] = [];
  const store = createMemoryStore({
    clock: ports.clock,
    random: seededRandom(5),
    sealer,
    committed: (record) => void records.push(record),
  });
  await write(store);
  return records.map(({ eventID, eventName, dynamodb }, i) => ({
    eventID,
    eventName,
    eventVersion: '1.1',
    eventSource: 'aws:dynamodb',
    awsRegion: 'us-west-2',
    dynamodb: {
      ApproximateCreationDateTime: 1479499740,
      Keys: dynamodb.Keys as never,
      NewImage: dynamodb.NewImage as never,
      SequenceNumber: `4421584500000000017450439${i}`,
      SizeBytes: 26,
      StreamViewType: 'NEW_AND_OLD_IMAGES',
    },
    eventSourceARN: 'arn:aws:dynamodb:us-west-2:111122223333:table/TestTable/stream/2015-05-11T21:21:33.291',
  }));
}

describe('a batch of the stream', () => {
  const dispatch = dispatchDoor();

  it('wakes whom it concerns', async () => {
    const Records = await streamOf((store) => store.create(cluster, aCluster('c')));
    expect(await dispatch({ Records }, context)).toEqual({ batchItemFailures: [] });
    expect(ports.woken).toContain('Cluster default/c');
  });

  it('names the first record that could not be dispatched, and leaves those after it', async () => {
    const Records = await streamOf(async (store) => {
      for (const name of ['a', 'b', 'c']) await store.create(cluster, aCluster(name));
    });
    Records[1]!.dynamodb!.NewImage!.obj = { B: Buffer.from('not an object').toString('base64') };
    const { batchItemFailures } = await dispatch({ Records }, context);
    expect(batchItemFailures).toEqual([{ itemIdentifier: Records[1]!.dynamodb!.SequenceNumber }]);
    expect(ports.woken.filter((wake) => wake.startsWith('Cluster'))).toEqual(['Cluster default/a']);
  });

  it('passes over what is no object of ours: data keys, the ends of tombstones, kinds of a later version', async () => {
    const item = (pk: string) => ({ pk: { S: pk }, sk: { S: 'x' }, encrypted: { B: 'AAAA' } });
    const record = (images: object) => ({
      eventID: 'e',
      eventName: 'INSERT' as const,
      dynamodb: { Keys: {}, SequenceNumber: '1', ...images },
    });
    const Records = [
      record({ NewImage: item('sealingkeys./') }),
      record({ NewImage: item('gizmos.example.com/default') }),
      record({ OldImage: { ...item('machines.cluster.k8s.io/default'), deletedAt: { N: '1' } } }),
    ] as DynamoDBStreamEvent['Records'];
    expect(await dispatch({ Records }, context)).toEqual({ batchItemFailures: [] });
    expect(ports.woken).toEqual([]);
  });
});

describe('a batch of a queue', () => {
  const message = (id: string, name: string): SQSRecord => ({
    messageId: id,
    receiptHandle: 'AQEBwJnKyrHigUMZj6rYigCgxlaS3SLy0a...',
    body: JSON.stringify({ group: 'cluster.k8s.io', kind: 'Machine', namespace: 'default', name }),
    attributes: {
      ApproximateReceiveCount: '1',
      SentTimestamp: '1573251510774',
      SequenceNumber: '18849496460467696128',
      MessageGroupId: '1',
      SenderId: 'AIDAIO23YVJENQZJOL4VO',
      MessageDeduplicationId: '1',
      ApproximateFirstReceiveTimestamp: '1573251510774',
    },
    messageAttributes: {},
    md5OfBody: 'e4e68fb7bd0e697a0ae8f1bb342846b3',
    eventSource: 'aws:sqs',
    eventSourceARN: 'arn:aws:sqs:us-east-2:123456789012:fifo.fifo',
    awsRegion: 'us-east-2',
  });
  const reconcile = reconcileDoor(controllers.machine);

  it('names the messages of what could not be reconciled, and only those', async () => {
    await ports.store.create(machine, aWorker('c', 'good'));
    await ports.store.create(machine, aWorker('c', 'bad'));
    const store = {
      ...ports.store,
      get: (async (kind: never, name: { name: string }) => {
        if (name.name === 'bad') throw new Error('no answer');
        return ports.store.get(kind, name as never);
      }) as typeof ports.store.get,
    };
    useHost({
      ...ports,
      store,
      log: { debug() {}, info() {}, warn() {}, error: (sentence: string) => void logged.push(sentence) },
    } as unknown as Host);
    const event: SQSEvent = { Records: [message('1', 'good'), message('2', 'bad'), message('3', 'gone'), message('4', 'bad')] };
    expect(await reconcile(event, context)).toEqual({ batchItemFailures: [{ itemIdentifier: '2' }, { itemIdentifier: '4' }] });
    expect(logged).toEqual(['could not reconcile']);
  });
});

describe('a tick of the scheduler', () => {
  it('queues what is due, and says how long the oldest has been', async () => {
    await ports.store.create(cluster, aCluster('late'), { dueAt: ports.clock.now() - 90_000 });
    await sweepDoor()({ time: '2026-11-22T21:47:00Z' }, context);
    expect(ports.woken).toEqual(['Cluster default/late']);
    expect(gauges.OldestDueSeconds).toBe(90);
  });

  it('says zero when nothing is due: silence would mean that nobody looks', async () => {
    await sweepDoor()({ time: '2026-11-22T21:47:00Z' }, context);
    expect(gauges.OldestDueSeconds).toBe(0);
  });
});

describe('a tick asks the collector', () => {
  const asked: unknown[] = [];
  beforeEach(() => {
    asked.splice(0);
    useHost({
      ...ports,
      settings: { cadence: { everything: 10 } },
      invoke: async () => {},
      collect: async (ask: unknown) => void asked.push(ask),
    } as unknown as Host);
  });

  it('for nothing, as a rule', async () => {
    await sweepDoor()({ time: '2026-11-22T21:47:00Z' }, context);
    expect(asked).toEqual([]);
  });

  it('to look at namespaces that are being deleted', async () => {
    await ports.store.create(namespace, newNamespace('demo'));
    const demo = await ports.store.create(namespace, newNamespace('ending'));
    await ports.store.update(namespace, terminating(demo, [], ports.clock.now()));
    await sweepDoor()({ time: '2026-11-22T21:47:00Z' }, context);
    expect(asked).toEqual([['ending']]);
  });

  it('to look at everything, when everything is looked at', async () => {
    await sweepDoor()({ time: '2026-11-22T21:50:00Z' }, context);
    expect(asked).toEqual(['everything']);
  });
});

describe('a batch of ends', () => {
  const collect = collectDoor();
  const cm = (name: string, owner?: string): ConfigMapObject => ({
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: {
      name,
      namespace: 'default',
      ...(owner && { ownerReferences: [{ apiVersion: 'v1', kind: 'ConfigMap', name: owner, uid: owner }] }),
    },
  });
  const tombstones = (...names: string[]) =>
    streamOf(async (store) => {
      for (const name of names)
        await store.remove(configMap, await store.restore(configMap, { ...cm(name), metadata: { ...cm(name).metadata, uid: name } }));
    }).then((records) => records.filter((record) => concernsCollector(record as StreamRecord)));

  beforeEach(async () => {
    useHost({
      ...ports,
      sealer,
      log: { debug() {}, info() {}, warn() {}, error: (sentence: string) => void logged.push(sentence) },
    } as unknown as Host);
    for (const name of ['a', 'b', 'c']) await ports.store.create(configMap, cm(`of-${name}`, name));
  });
  const left = async () => (await ports.store.list(configMap, { namespace: 'default' })).items.map(({ metadata }) => metadata.name);

  it('deletes what has lost its owners', async () => {
    expect(await collect({ Records: await tombstones('a', 'c') }, context)).toEqual({ batchItemFailures: [] });
    expect(await left()).toEqual(['of-b']);
  });

  it('names the first record that it failed on, and leaves those after it', async () => {
    const Records = await tombstones('a', 'b', 'c');
    Records[1]!.dynamodb!.NewImage!.obj = { B: Buffer.from('not an object').toString('base64') };
    expect(await collect({ Records }, context)).toEqual({ batchItemFailures: [{ itemIdentifier: Records[1]!.dynamodb!.SequenceNumber }] });
    expect([await left(), logged]).toEqual([['of-b', 'of-c'], ['could not collect after a change']]);
  });

  it('is no batch when the sweep asks', async () => {
    expect(await collect({ collect: 'everything' }, context)).toBeUndefined();
    expect(await left()).toEqual([]);
  });
});

describe('the end of an execution', () => {
  const ended = (input: object | null, status = 'FAILED'): ExecutionEnded =>
    ({
      version: '0',
      id: '315c1398-40ff-a850-213b-158f73e60175',
      'detail-type': 'Step Functions Execution Status Change',
      source: 'aws.states',
      account: '123456789012',
      time: '2019-02-26T19:42:21Z',
      region: 'us-east-1',
      resources: ['arn:aws:states:us-east-1:123456789012:execution:Plastron-create-machine:execution-name'],
      detail: {
        executionArn: 'arn:aws:states:us-east-1:123456789012:execution:Plastron-create-machine:execution-name',
        stateMachineArn: 'arn:aws:states:us-east-1:123456789012:stateMachine:Plastron-create-machine',
        name: 'execution-name',
        status,
        startDate: 1551225146847,
        stopDate: 1551225151881,
        input: JSON.stringify(input),
        inputDetails: { included: true },
        output: null,
        outputDetails: null,
      },
    }) as EventBridgeEvent<'Step Functions Execution Status Change', ExecutionEnded['detail']>;

  it.each(['FAILED', 'TIMED_OUT', 'ABORTED', 'SUCCEEDED'])('wakes what it was about: %s', async (status) => {
    await executionDoor()(ended({ kind: 'Machine', namespace: 'default', name: 'm', uid: 'u' }, status), context);
    expect(ports.woken).toEqual(['Machine default/m']);
  });

  it('of somebody else is none of ours', async () => {
    for (const input of [{ order: 1 }, { kind: 'Machine' }, { kind: 'Gizmo', namespace: 'default', name: 'g' }])
      await executionDoor()(ended(input), context);
    expect(ports.woken).toEqual([]);
  });
});
