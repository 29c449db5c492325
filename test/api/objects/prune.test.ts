import { describe, expect, it } from '@jest/globals';
import { prune } from '../../../shared/api/objects/prune.ts';
import { schemaOf } from '../../../shared/api/objects/schema.ts';
import type { Kind } from '../../../shared/kinds/define-kind.ts';
import { kindNamed } from '../../../shared/kinds/index.ts';

const pruned = (kind: Kind, value: unknown) => prune(value, schemaOf(kind));
const machine = kindNamed('cluster.k8s.io', 'Machine')!;
const event = kindNamed('', 'Event')!;

describe('pruning', () => {
  it('keeps what the schema has', () => {
    const object = {
      apiVersion: 'v',
      kind: 'k',
      metadata: { name: 'x', labels: { anything: 'goes' }, ownerReferences: [{ uid: 'u', name: 'n' }] },
      spec: { taints: [{ key: 'a', effect: 'NoSchedule' }], configSource: { free: { form: [1] } } },
      status: { providerStatus: { any: { thing: null } } },
    };
    expect(pruned(machine, object)).toEqual({ value: object, unknown: [] });
  });

  it('leaves out what it has not, and says where it was', () => {
    const { value, unknown } = pruned(machine, {
      extra: 1,
      metadata: { lables: {}, ownerReferences: [{ uid: 'u', x: 1 }] },
      spec: { replicas: 3, taints: [{ key: 'a' }, { key: 'b', efect: 'x' }], providerSpec: { value: { platform: { region: 'x' } } } },
    });
    expect(unknown).toEqual([
      'extra',
      'metadata.lables',
      'metadata.ownerReferences[0].x',
      'spec.replicas',
      'spec.taints[1].efect',
      'spec.providerSpec.value.platform.region',
    ]);
    expect(value).toEqual({
      metadata: { ownerReferences: [{ uid: 'u' }] },
      spec: { taints: [{ key: 'a' }, { key: 'b' }], providerSpec: { value: { platform: {} } } },
    });
  });

  it('leaves out nulls where the schema has none', () => {
    const object = { metadata: { annotations: null, creationTimestamp: null, labels: { a: null } }, spec: null };
    expect(pruned(machine, object)).toEqual({ value: { metadata: { creationTimestamp: null, labels: {} } }, unknown: [] });
  });

  it('keeps nulls where the schema has them', () => {
    expect(pruned(event, { eventTime: null, series: null }).value).toEqual({ eventTime: null, series: null });
  });

  it('leaves values of the wrong type for validation to judge', () => {
    expect(pruned(machine, { spec: 'text', metadata: [] })).toEqual({ value: { spec: 'text', metadata: [] }, unknown: [] });
  });
});
