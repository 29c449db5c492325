import { describe, expect, it } from '@jest/globals';
import * as z from 'zod';
import { machineDeployment } from '../../../shared/kinds/machine-deployment/kind.ts';
import { machineSet } from '../../../shared/kinds/machine-set/kind.ts';
import { manifest, stored } from './manifest.ts';

const parse = (spec: Record<string, unknown>) => machineDeployment.schema.safeParse(manifest(spec));
const pathsOf = (spec: Record<string, unknown>) => parse(spec).error?.issues.map((issue) => issue.path.join('.'));
const causesOf = (spec: Record<string, unknown>, labels?: Record<string, string>) => {
  const object = stored(spec);
  return machineDeployment.validate({ ...object, metadata: { ...object.metadata, ...(labels && { labels }) } });
};
const labels = { 'cluster.k8s.io/cluster-name': 'talos-gce', set: 'worker' };
const { template } = manifest().spec;

describe('the defaults of a MachineDeployment', () => {
  it('are those of v1alpha1', () => {
    expect(stored({ replicas: undefined }).spec).toMatchObject({
      replicas: 1,
      strategy: { type: 'RollingUpdate', rollingUpdate: { maxUnavailable: 0, maxSurge: 1 } },
      minReadySeconds: 0,
      revisionHistoryLimit: 1,
      progressDeadlineSeconds: 600,
    });
  });

  it.each([
    [5, 5],
    [undefined, 1],
    [0, 0],
  ])('of replicas %s are %i', (written, replicas) => {
    expect(stored({ replicas: written }).spec.replicas).toBe(replicas);
  });

  it('fill in what is left out of a rollingUpdate', () => {
    expect(stored({ strategy: { rollingUpdate: { maxSurge: '50%' } } }).spec.strategy).toEqual({
      type: 'RollingUpdate',
      rollingUpdate: { maxSurge: '50%', maxUnavailable: 0 },
    });
    expect(stored({ strategy: { type: 'OnDelete' } }).spec.strategy).toEqual({ type: 'OnDelete' });
  });
});

describe('a MachineDeployment is refused', () => {
  it.each([
    [{ replicas: -1 }, 'spec.replicas'],
    [{ replicas: 'three' }, 'spec.replicas'],
    [{ strategy: { rollingUpdate: { maxSurge: '1' } } }, 'spec.strategy.rollingUpdate.maxSurge'],
    [{ strategy: { rollingUpdate: { maxUnavailable: '0' } } }, 'spec.strategy.rollingUpdate.maxUnavailable'],
    [{ strategy: { type: 'Recreate' } }, 'spec.strategy.type'],
    [{ selector: undefined }, 'spec.selector'],
    [{ template: undefined }, 'spec.template'],
    [{ deletePolicy: 'Slowest' }, 'spec.deletePolicy'],
    [{ progressDeadlineSeconds: 0 }, 'spec.progressDeadlineSeconds'],
    [{ rolloutAfter: 'tomorrow' }, 'spec.rolloutAfter'],
  ])('with %j: at %s', (spec, path) => {
    expect(pathsOf(spec)).toEqual([path]);
  });

  it.each([
    [{ selector: {} }, 'spec.selector'],
    [{ selector: { matchLabels: {} } }, 'spec.selector'],
    [{ selector: { matchLabels: { set: 'other' } } }, 'spec.template.metadata.labels'],
    [
      { template: { ...template, metadata: { labels: { set: 'worker' } } }, selector: { matchLabels: { set: 'worker' } } },
      'spec.template.metadata.labels[cluster.k8s.io/cluster-name]',
    ],
    [{ template: { ...template, spec: { ...template.spec, providerSpec: {} } } }, 'spec.template.spec.providerSpec'],
    [{ template: { ...template, spec: { ...template.spec, providerID: 'gce://a/b/c' } } }, 'spec.template.spec.providerID'],
    [{ strategy: { type: 'OnDelete', rollingUpdate: { maxSurge: 1 } } }, 'spec.strategy.rollingUpdate'],
  ])('with %j, which the schema cannot know: at %s', (spec, field) => {
    expect(causesOf(spec).map((cause) => cause.field)).toEqual([field]);
  });

  it('when it is labelled for another cluster than its Machines', () => {
    const [cause] = causesOf({}, { 'cluster.k8s.io/cluster-name': 'other' });
    expect(cause?.message).toBe('write talos-gce, as in spec.template.metadata.labels, or leave it out');
    expect(causesOf({}, labels)).toEqual([]);
  });
});

describe('kubectl get', () => {
  const row = (kind: typeof machineDeployment | typeof machineSet, object: never) =>
    Object.fromEntries(kind.columns.map((column) => [column.name, column.value(object)]));
  const time = '2026-01-01T00:00:00Z';

  it('shows a MachineDeployment with its counts', () => {
    const object = stored({ paused: true });
    const status = { replicas: 4, readyReplicas: 3, availableReplicas: 2, updatedReplicas: 1, phase: 'ScalingDown' };
    expect(row(machineDeployment, { ...object, metadata: { ...object.metadata, creationTimestamp: time }, status } as never)).toEqual({
      Cluster: 'talos-gce',
      Desired: 3,
      Current: 4,
      Ready: 3,
      Available: 2,
      'Up-To-Date': 1,
      Paused: true,
      Phase: 'ScalingDown',
      Age: time,
      Version: 'v1.35.0',
    });
  });

  it('shows a MachineSet with its counts', () => {
    const { metadata, spec } = stored();
    const object = {
      metadata: { ...metadata, creationTimestamp: time },
      spec,
      status: { replicas: 2, readyReplicas: 1, availableReplicas: 0 },
    };
    expect(row(machineSet, object as never)).toEqual({
      Cluster: 'talos-gce',
      Desired: 3,
      Current: 2,
      Ready: 1,
      Available: 0,
      Paused: false,
      Age: time,
      Version: 'v1.35.0',
    });
  });
});

describe('kubectl explain', () => {
  it.each([machineDeployment, machineSet])('has a word for every field of a $kind', (kind) => {
    expect(undescribed(JSON.parse(JSON.stringify(z.toJSONSchema(kind.schema, { unrepresentable: 'any' }))), '')).toEqual([]);
  });
});

interface JsonSchema {
  readonly description?: string;
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly items?: JsonSchema;
}

/** Paths of the fields without a description. */
function undescribed({ properties = {}, items }: JsonSchema, path: string): string[] {
  const fields = Object.entries(properties).flatMap(([name, field]) => [
    ...(field.description === undefined ? [`${path}.${name}`] : []),
    ...undescribed(field, `${path}.${name}`),
  ]);
  return items === undefined ? fields : [...fields, ...undescribed(items, `${path}[]`)];
}
