import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  ApiException,
  AuthorizationV1Api,
  CoreV1Api,
  CustomObjectsApi,
  KubeConfig,
  type KubernetesObject,
  KubernetesObjectApi,
  ListWatch,
  PatchStrategy,
  RbacAuthorizationV1Api,
  setHeaderOptions,
  VersionApi,
  Watch,
} from '@kubernetes/client-node';
import { machine } from './manifests.ts';
import { type Plane, type PlaneOptions, startPlane } from './plane.ts';

/** The JavaScript client over HTTPS: its typed API, its API for custom objects, its watches and informers. */

interface Client {
  readonly plane: Plane;
  readonly config: KubeConfig;
  readonly core: CoreV1Api;
  readonly custom: CustomObjectsApi;
}
async function connect(options?: PlaneOptions): Promise<Client> {
  const plane = await startPlane(options);
  const config = new KubeConfig();
  config.loadFromFile(plane.kubeconfig);
  return { plane, config, core: config.makeApiClient(CoreV1Api), custom: config.makeApiClient(CustomObjectsApi) };
}

let client: Client;
beforeAll(async () => {
  client = await connect();
});
afterAll(() => client.plane.close());

const namespace = 'default';
const machines = { group: 'cluster.k8s.io', version: 'v1alpha1', namespace, plural: 'machines' };
const configMap = (name: string, data: Record<string, string> = {}) => ({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name }, data });
const refused = async (answer: Promise<unknown>): Promise<{ code: number; message: string }> => {
  const error: unknown = await answer.then(
    () => new Error('it was not refused'),
    (thrown) => thrown,
  );
  if (!(error instanceof ApiException)) throw error;
  return { code: error.code, message: JSON.parse(error.body).message };
};

describe('the typed API', () => {
  it('makes, reads, changes and deletes', async () => {
    const { core } = client;
    const made = await core.createNamespacedConfigMap({ namespace, body: { metadata: { generateName: 'x-' }, data: { a: '1' } } });
    const name = made.metadata!.name!;
    expect(name).toMatch(/^x-[a-z0-9]{5}$/);
    const replaced = await core.replaceNamespacedConfigMap({ namespace, name, body: { ...made, data: { b: '2' } } });
    expect(replaced.data).toEqual({ b: '2' });
    expect(await refused(core.replaceNamespacedConfigMap({ namespace, name, body: made }))).toMatchObject({ code: 409 });
    expect(await core.deleteNamespacedConfigMap({ namespace, name })).toMatchObject({ status: 'Success', details: { name } });
    expect(await refused(core.readNamespacedConfigMap({ namespace, name }))).toEqual({
      code: 404,
      message: `configmaps "${name}" not found`,
    });
  });

  it('lists in pages', async () => {
    const { core } = client;
    for (const name of ['p1', 'p2', 'p3'])
      await core.createNamespacedSecret({ namespace, body: { metadata: { name }, stringData: { name } } });
    const first = await core.listNamespacedSecret({ namespace, limit: 2 });
    const rest = await core.listNamespacedSecret({ namespace, limit: 2, _continue: first.metadata!._continue! });
    expect([...first.items, ...rest.items].map(({ metadata }) => metadata!.name)).toEqual(['p1', 'p2', 'p3']);
    expect(rest.metadata!._continue).toBeUndefined();
  });

  it('knows roles, rights and the version', async () => {
    const { config } = client;
    const rules = [{ verbs: ['get'], apiGroups: [''], resources: ['events'] }];
    const role = await config
      .makeApiClient(RbacAuthorizationV1Api)
      .createNamespacedRole({ namespace, body: { metadata: { name: 'r' }, rules } });
    expect(role.rules).toEqual(rules);
    const spec = { resourceAttributes: { verb: 'delete', group: 'cluster.k8s.io', resource: 'machines' } };
    const review = await config.makeApiClient(AuthorizationV1Api).createSelfSubjectAccessReview({ body: { spec } });
    expect(review.status?.allowed).toBe(true);
    expect((await config.makeApiClient(VersionApi).getCode()).gitVersion).toMatch(/^v1\./);
  });
});

describe('the API for custom objects', () => {
  it('makes, patches, replaces and deletes', async () => {
    const { custom } = client;
    const item = { ...machines, name: 'm' };
    await custom.createNamespacedCustomObject({ ...machines, body: machine('m') });
    const labelled = await custom.patchNamespacedCustomObject(
      { ...item, body: { metadata: { labels: { step: 'one' } } } },
      setHeaderOptions('Content-Type', PatchStrategy.MergePatch),
    );
    expect(labelled.metadata.labels.step).toBe('one');
    const status = { phase: 'Running' };
    const reported = await custom.replaceNamespacedCustomObjectStatus({ ...item, body: { ...labelled, status } });
    expect(reported).toMatchObject({ status, metadata: { generation: 1 } });
    const list = await custom.listNamespacedCustomObject({ ...machines, labelSelector: 'step=one' });
    expect(list).toMatchObject({ kind: 'MachineList', items: [{ metadata: { name: 'm' } }] });
    await custom.deleteNamespacedCustomObject(item);
    expect(await refused(custom.getNamespacedCustomObject(item))).toEqual({ code: 404, message: 'machines.cluster.k8s.io "m" not found' });
  });

  it('applies on the server, and hears of conflicts', async () => {
    const { custom } = client;
    const apply = (fieldManager: string, step: string) => {
      const { metadata, ...rest } = machine('applied');
      const body = { ...rest, metadata: { ...metadata, labels: { ...metadata.labels, step } } };
      return custom.patchNamespacedCustomObject(
        { ...machines, name: 'applied', fieldManager, body },
        setHeaderOptions('Content-Type', PatchStrategy.ServerSideApply),
      );
    };
    const { metadata } = await apply('anna', 'one');
    expect(metadata.managedFields).toMatchObject([{ manager: 'anna', operation: 'Apply' }]);
    expect(await refused(apply('ben', 'two'))).toEqual({
      code: 409,
      message: 'Apply failed with 1 conflict: conflict with "anna": .metadata.labels.step',
    });
  });

  it('finds by discovery what a manifest is', async () => {
    const objects = KubernetesObjectApi.makeApiClient(client.config);
    const { apiVersion, kind, spec, metadata } = machine('found');
    const made: KubernetesObject = await objects.create({ apiVersion, kind, spec, metadata: { name: 'found', labels: metadata.labels } });
    expect(made.metadata?.namespace).toBe(namespace);
    expect(await objects.read({ apiVersion, kind, metadata: { name: 'found', namespace } })).toMatchObject({ spec });
    expect(await objects.delete({ apiVersion, kind, metadata: { name: 'found' } })).toMatchObject({ status: 'Success' });
  });
});

it('a watch hears of changes, and ends when it is told to', async () => {
  const { config, core } = client;
  const heard: string[] = [];
  const ended = new Promise((resolve) => {
    void new Watch(config)
      .watch(
        `/api/v1/namespaces/${namespace}/configmaps`,
        { timeoutSeconds: 1, allowWatchBookmarks: true, fieldSelector: 'metadata.name=w' },
        (type) => heard.push(type),
        resolve,
      )
      .then(() => core.createNamespacedConfigMap({ namespace, body: configMap('w') }));
  });
  expect(await ended).toBeNull();
  expect(heard).toEqual(['ADDED', 'BOOKMARK']);
});

describe('an informer', () => {
  /** Says what an informer of ConfigMaps hears. */
  async function inform({ config, core }: Client) {
    const heard: string[] = [];
    const failures: unknown[] = [];
    const path = `/api/v1/namespaces/${namespace}/configmaps`;
    const list = () => core.listNamespacedConfigMap({ namespace });
    // What makeInformer makes, but that it connects again at once: its pauses would outlive the test.
    const informer = new ListWatch(path, new Watch(config), list, false, undefined, undefined, { delayFn: async () => {} });
    let news = Promise.withResolvers<void>();
    const note = (word: string) => (object?: KubernetesObject) => {
      heard.push(object === undefined ? word : `${word} ${object.metadata!.name}`);
      news.resolve();
      news = Promise.withResolvers();
    };
    for (const word of ['add', 'update', 'delete'] as const) informer.on(word, note(word));
    informer.on('connect', note('connect'));
    informer.on('error', (error) => failures.push(error));
    await informer.start();
    const until = async (isThere: () => boolean) => {
      while (!isThere()) await news.promise;
    };
    return { informer, heard, failures, until };
  }
  const isConnect = (word: string) => word === 'connect';

  it('hears of what there is, and of all that changes', async () => {
    const { core } = client;
    await core.createNamespacedConfigMap({ namespace, body: configMap('i') });
    const { informer, heard, until } = await inform(client);
    await core.replaceNamespacedConfigMap({ namespace, name: 'i', body: configMap('i', { a: 'b' }) });
    await until(() => heard.includes('update i'));
    await core.deleteNamespacedConfigMap({ namespace, name: 'i' });
    await until(() => heard.includes('delete i'));
    await informer.stop();
    expect(heard.filter((word) => word.endsWith(' i'))).toEqual(['add i', 'update i', 'delete i']);
  });

  it('goes on where it was after each end of its watch, and lists again when that is too long ago', async () => {
    const short = await connect({ longestWatch: 1, tombstoneMs: 500 });
    const { core } = short;
    try {
      const { informer, heard, failures, until } = await inform(short);
      await core.createNamespacedConfigMap({ namespace, body: configMap('before') });
      await until(() => heard.includes('add before'));
      // The watch ends, and the last version that the informer heard of is older than deletions are kept.
      await core.deleteNamespacedConfigMap({ namespace, name: 'before' });
      await until(() => heard.filter(isConnect).length >= 3);
      await core.createNamespacedConfigMap({ namespace, body: configMap('after') });
      await until(() => heard.includes('add after'));
      await informer.stop();
      expect(heard.filter((word) => !isConnect(word))).toEqual(['add before', 'delete before', 'add after']);
      expect(failures).toEqual([]);
      const lists = short.plane.requests().filter((line) => /^GET \S+configmaps$/.test(line));
      expect(lists.length).toBeGreaterThan(1);
    } finally {
      await short.plane.close();
    }
  });
});
