import { describe, expect, it } from '@jest/globals';
import { Ajv } from 'ajv';
import { definitionOf } from '../../shared/api/definitions/definition.ts';
import type { Schema } from '../../shared/api/objects/schema.ts';
import { isBuiltIn } from '../../shared/kinds/built-in.ts';
import type { Kind } from '../../shared/kinds/define-kind.ts';
import { kindNamed, kinds } from '../../shared/kinds/index.ts';
import type { KubeObject } from '../../shared/kinds/object.ts';
import { openGuarded } from './authorize/guarded.ts';
import { asTable, clusterNamed, deploymentNamed, machineNamed, merge, openApi } from './harness.ts';
import { watch } from './verbs/watching.ts';

/** CustomResourceDefinitions: what tools read that ask whether there is a resource. */

const path = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions';
const custom = kinds.filter((kind) => !isBuiltIn(kind));
const namesOf = ({ items }: { items: KubeObject[] }) => items.map(({ metadata }) => metadata.name);

describe('customresourcedefinitions', () => {
  it('are those of the kinds that are not of Kubernetes itself', async () => {
    const { body } = await (await openApi()).send('GET', path);
    expect(body.kind).toBe('CustomResourceDefinitionList');
    expect(namesOf(body)).toEqual(custom.map(({ plural, group }) => `${plural}.${group}`).sort());
  });

  it('say what the resource is called, and that it is there', async () => {
    const { body } = await (await openApi()).send('GET', `${path}/machinesets.cluster.k8s.io`);
    const names = {
      plural: 'machinesets',
      singular: 'machineset',
      kind: 'MachineSet',
      listKind: 'MachineSetList',
      shortNames: ['ms'],
      categories: ['cluster-api'],
    };
    expect(body.spec).toMatchObject({ group: 'cluster.k8s.io', scope: 'Namespaced', names, conversion: { strategy: 'None' } });
    const { schema: _, additionalPrinterColumns, ...version } = body.spec.versions[0];
    expect(version).toEqual({
      name: 'v1alpha1',
      served: true,
      storage: true,
      subresources: {
        status: {},
        scale: { specReplicasPath: '.spec.replicas', statusReplicasPath: '.status.replicas', labelSelectorPath: '.status.labelSelector' },
      },
    });
    expect(additionalPrinterColumns.at(-1)).toMatchObject({
      name: 'Version',
      jsonPath: '.spec.template.spec.versions.kubelet',
      priority: 1,
    });
    expect(body.status).toMatchObject({ acceptedNames: names, storedVersions: ['v1alpha1'] });
    const conditions = body.status.conditions.map(({ type, status }: { type: string; status: string }) => [type, status]);
    expect(conditions).toEqual([
      ['NamesAccepted', 'True'],
      ['Established', 'True'],
    ]);
  });

  it('are the same from whatever process they come, and others have others', () => {
    const [cluster, machine] = ['Cluster', 'Machine'].map((name) => kindNamed('cluster.k8s.io', name)!);
    expect(definitionOf(cluster!)).toEqual(definitionOf({ ...cluster! }));
    const [a, b] = [definitionOf(cluster!).metadata, definitionOf(machine!).metadata];
    expect(a.uid).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-8[0-9a-f]{3}-[0-9a-f]{12}$/);
    expect([a.uid, a.resourceVersion]).not.toEqual([b.uid, b.resourceVersion]);
    const renamed = definitionOf({ ...cluster!, shortNames: ['x'] }).metadata;
    expect([renamed.uid, renamed.resourceVersion === a.resourceVersion]).toEqual([a.uid, false]);
  });

  it('are listed in pages, selected, and printed as a Table', async () => {
    const { send } = await openApi();
    const first = (await send('GET', `${path}?limit=2`)).body;
    const rest = (await send('GET', `${path}?limit=500&continue=${first.metadata.continue}`)).body;
    expect([...namesOf(first), ...namesOf(rest)]).toEqual(namesOf((await send('GET', path)).body));
    expect(rest.metadata.resourceVersion).toBe(first.metadata.resourceVersion);
    expect(namesOf((await send('GET', `${path}?fieldSelector=metadata.name=clusters.cluster.k8s.io`)).body)).toEqual([
      'clusters.cluster.k8s.io',
    ]);
    expect(namesOf((await send('GET', `${path}?labelSelector=a`)).body)).toEqual([]);
    const { columnDefinitions, rows } = (await send('GET', path, undefined, asTable)).body;
    expect(columnDefinitions.map(({ name }: { name: string }) => name)).toEqual(['Name', 'Created At']);
    expect(rows[0].cells).toEqual(['clusters.cluster.k8s.io', '1970-01-01T00:00:00Z']);
    expect((await send('GET', `${path}/potatoes.cluster.k8s.io`)).body.message).toBe(
      'customresourcedefinitions.apiextensions.k8s.io "potatoes.cluster.k8s.io" not found',
    );
  });

  it.each([
    ['POST', path],
    ['DELETE', path],
    ['PUT', `${path}/clusters.cluster.k8s.io`],
    ['PATCH', `${path}/clusters.cluster.k8s.io`],
    ['DELETE', `${path}/clusters.cluster.k8s.io`],
  ])('are not written: %s %s is 405', async (method, at) => {
    expect((await (await openApi()).send(method, at, {}, merge)).body).toMatchObject({ code: 405, reason: 'MethodNotAllowed' });
  });

  it('advertise what can be done to them: get, list and watch', async () => {
    const { send } = await openApi();
    const { resources } = (await send('GET', '/apis/apiextensions.k8s.io/v1')).body;
    expect(resources).toEqual([
      {
        name: 'customresourcedefinitions',
        singularName: 'customresourcedefinition',
        namespaced: false,
        kind: 'CustomResourceDefinition',
        verbs: ['get', 'list', 'watch'],
        shortNames: ['crd', 'crds'],
        categories: ['api-extensions'],
      },
    ]);
    const { paths } = (await send('GET', '/openapi/v3/apis/apiextensions.k8s.io/v1')).body;
    for (const at of Object.values<object>(paths)) expect(Object.keys(at).filter((key) => key !== 'parameters')).toEqual(['get']);
  });

  it('are for those who may', async () => {
    const { as, give } = await openGuarded();
    await give('bob', 'view');
    expect((await as('bob')('GET', path)).body.message).toContain(
      'cannot list resource "customresourcedefinitions" in API group "apiextensions.k8s.io"',
    );
    await give('bob', 'cluster-admin');
    expect((await as('bob')('GET', path)).code).toBe(200);
  });
});

describe('a watch of customresourcedefinitions', () => {
  it('begins with all, says that these were all, and goes on', async () => {
    const { api, clock } = await openApi();
    const watching = await watch(api, path, {
      sendInitialEvents: 'true',
      resourceVersionMatch: 'NotOlderThan',
      allowWatchBookmarks: 'true',
    });
    for (const { plural, group } of [...custom].sort((a, b) => (`${a.plural}.${a.group}` < `${b.plural}.${b.group}` ? -1 : 1))) {
      const { type, object } = await watching.next();
      expect([type, object.metadata.name]).toEqual(['ADDED', `${plural}.${group}`]);
    }
    const { type, object } = await watching.next();
    expect([type, object.metadata.annotations]).toEqual(['BOOKMARK', { 'k8s.io/initial-events-end': 'true' }]);
    const later = watching.next();
    for (let i = 0; i < 3; i++) await clock.advance(30_000);
    expect(Number((await later).object.metadata.resourceVersion)).toBeGreaterThan(Number(object.metadata.resourceVersion));
    watching.leave();
  });

  it('from a list tells nothing, since nothing changes', async () => {
    const { api, send, clock } = await openApi();
    const { resourceVersion } = (await send('GET', path)).body.metadata;
    const watching = await watch(api, path, { resourceVersion, allowWatchBookmarks: 'true', timeoutSeconds: '10' });
    const next = watching.next();
    await clock.advance(10_000);
    expect((await next).type).toBe('BOOKMARK');
    watching.leave();
  });

  it('from before this process tells everything again; from long ago, or from an object, it has expired', async () => {
    const { api, clock } = await openApi();
    const ago = (ms: number) => String((clock.now() - ms) * 4096);
    const first = async (resourceVersion: string) => {
      const watching = await watch(api, path, { resourceVersion });
      const { type, object } = await watching.next();
      watching.leave();
      return [type, object.code ?? object.metadata.name];
    };
    expect(await first(ago(60_000))).toEqual(['ADDED', 'clusters.cluster.k8s.io']);
    expect(await first(ago(2 * 3_600_000))).toEqual(['ERROR', 410]);
    expect(await first(definitionOf(custom[0]!).metadata.resourceVersion!)).toEqual(['ERROR', 410]);
  });
});

describe('the schema of a definition', () => {
  const versionOf = (kind: Kind) => definitionOf(kind).spec.versions[0]!;

  it.each(custom.map((kind) => [kind.kind, kind] as const))('of %s is whole: no reference, and a type everywhere', (_, kind) => {
    const text = JSON.stringify(versionOf(kind).schema);
    expect(text).not.toMatch(/\$ref|allOf|__schema|int-or-string","format|additionalProperties":(true|false)/);
    const untyped: string[] = [];
    const walk = (schema: Schema, at: string): void => {
      if (schema.type === undefined && !('x-kubernetes-int-or-string' in schema)) untyped.push(at);
      for (const [name, field] of Object.entries(schema.properties ?? {})) walk(field, `${at}.${name}`);
      if (schema.items) walk(schema.items, `${at}[]`);
      if (typeof schema.additionalProperties === 'object') walk(schema.additionalProperties, `${at}{}`);
    };
    walk(versionOf(kind).schema!.openAPIV3Schema!, '');
    expect(untyped).toEqual([]);
  });

  it.each([clusterNamed('c'), machineNamed('m'), deploymentNamed('d', 2)].map((object) => [object.kind, object] as const))(
    'lets a %s pass that the API lets pass, and not one without a spec',
    async (name, object) => {
      const { send } = await openApi();
      const kind = kindNamed('cluster.k8s.io', name)!;
      const { code, body } = await send('POST', `/apis/cluster.k8s.io/v1alpha1/namespaces/default/${kind.plural}`, object);
      expect(code).toBe(201);
      const validate = new Ajv({ strict: false, validateFormats: false }).compile(versionOf(kind).schema!.openAPIV3Schema!);
      expect([validate(body), validate.errors]).toEqual([true, null]);
      expect(validate({ ...body, spec: undefined })).toBe(false);
    },
  );
});

describe('the columns of a definition', () => {
  it.each(custom.map((kind) => [kind.kind, kind] as const))('of %s find in the object what the server prints', (_, kind) => {
    for (const { jsonPath, name, value } of kind.columns) {
      if (jsonPath === undefined) continue;
      for (const object of samples) expect([name, value(object) ?? undefined]).toEqual([name, find(object, jsonPath)]);
    }
  });
});

/** An object that has every field which a column shows, and one that has none. */
const labels = { 'cluster.k8s.io/cluster-name': 'c' };
const samples: KubeObject[] = [
  {
    apiVersion: 'cluster.k8s.io/v1alpha1',
    kind: 'Any',
    metadata: { name: 'x', labels, creationTimestamp: '2026-01-01T00:00:00Z' },
    providerSpec: { platform: { type: 'gce' } },
    spec: {
      replicas: 3,
      providerID: 'gce://x',
      arn: 'arn:x',
      username: 'bob',
      template: { metadata: { labels }, spec: { versions: { kubelet: 'v1.35.2' } } },
    },
    status: {
      phase: 'Running',
      replicas: 1,
      readyReplicas: 2,
      availableReplicas: 3,
      updatedReplicas: 4,
      machines: 5,
      readyMachines: 6,
      nodeRef: { name: 'node' },
      conditions: [
        { type: 'Other', status: 'False' },
        { type: 'Ready', status: 'True' },
      ],
      addresses: [
        { type: 'InternalIP', address: '10.0.0.1' },
        { type: 'ExternalIP', address: '203.0.113.1' },
      ],
    },
  },
  {
    apiVersion: 'cluster.k8s.io/v1alpha1',
    kind: 'Any',
    metadata: { name: 'y' },
    providerSpec: { platform: {} },
    spec: { template: { spec: {} } },
  },
];

/** As much of JSONPath as columns use: fields, with dots in them escaped, and the first item that has a field of some value. */
function find(object: unknown, jsonPath: string): unknown {
  const steps = jsonPath.match(/\.(?:\\.|[^.[\\])+|\[\?\(@\.\w+=="\w+"\)\]/g) ?? [];
  expect(steps.join('')).toBe(jsonPath);
  return steps.reduce<unknown>((at, step) => {
    const [, field, value] = /^\[\?\(@\.(\w+)=="(\w+)"\)\]$/.exec(step) ?? [];
    if (field !== undefined) return (at as Record<string, unknown>[] | undefined)?.find((item) => item[field] === value);
    return (at as Record<string, unknown> | undefined)?.[step.slice(1).replace(/\\/g, '')];
  }, object);
}
