import { describe, expect, it } from '@jest/globals';
import { compare } from '../../infra/move/compare.ts';
import { inOrder, moving } from '../../infra/move/order.ts';
import { isPausedByExport, markImported, pause, resume, toPause } from '../../infra/move/pausing.ts';
import { called, type Kept } from '../../infra/move/place.ts';
import { defaultRoles } from '../../shared/api/authorize/default-roles.ts';
import { cluster } from '../../shared/kinds/cluster/kind.ts';
import { namespace } from '../../shared/kinds/core/namespace.ts';
import { secret } from '../../shared/kinds/core/secret.ts';
import type { Kind } from '../../shared/kinds/define-kind.ts';
import { keys } from '../../shared/kinds/fields.ts';
import { kinds } from '../../shared/kinds/index.ts';
import { machine } from '../../shared/kinds/machine/kind.ts';
import { machineDeployment } from '../../shared/kinds/machine-deployment/kind.ts';
import type { KubeObject } from '../../shared/kinds/object.ts';
import { clusterRole } from '../../shared/kinds/rbac/cluster-role.ts';
import { newNamespace } from '../../shared/store/namespaces.ts';
import { aCluster, aMaster, credentialsOf, workers } from '../plane/objects.ts';

const one = (kind: Kind, object: KubeObject, metadata: object = {}, rest: object = {}): Kept => ({
  kind,
  object: { ...object, metadata: { ...object.metadata, uid: `uid of ${object.metadata.name}`, ...metadata }, ...rest },
});
const c = one(cluster, aCluster('c'));
const master = one(machine, aMaster('c', 0));
const annotated = { annotations: { [keys.paused]: '' } };

describe('what an export pauses', () => {
  const { spec } = aCluster('c');
  it.each<[string, readonly Kept[], readonly string[]]>([
    ['a Cluster, and not what follows it', [c, master, one(machineDeployment, workers('c', 'east', 3))], ['Cluster default/c']],
    ['no Cluster that its spec pauses', [one(cluster, aCluster('c'), {}, { spec: { ...spec, paused: true } }), master], []],
    ['no Cluster that an annotation pauses', [one(cluster, aCluster('c'), annotated), master], []],
    ['a Machine without a Cluster', [master], ['Machine default/c-master-0']],
    [
      'a Machine whose Cluster is in another namespace',
      [one(cluster, aCluster('c', ['203.0.113.10'], 'other')), master],
      ['Cluster other/c', 'Machine default/c-master-0'],
    ],
    ['no Machine that an annotation pauses', [one(machine, aMaster('c', 0), annotated)], []],
    [
      'a MachineDeployment although its spec pauses its rollout',
      [one(machineDeployment, workers('d', 'east', 3), {}, { spec: { paused: true } })],
      ['MachineDeployment default/d-east'],
    ],
    ['nothing that nobody reconciles', [one(secret, credentialsOf('east', 'x')), one(namespace, newNamespace('n'))], []],
  ])('is %s', (_, objects, expected) => {
    expect(toPause(objects).map(called)).toEqual(expected);
  });

  it('is let go as it was', () => {
    const object = { ...c.object, metadata: { ...c.object.metadata, annotations: { a: 'b' } } };
    expect(isPausedByExport(pause(object))).toBe(true);
    expect(resume(pause(object))).toEqual(object);
    const byHand = one(cluster, aCluster('c'), annotated).object;
    expect(resume(byHand)).toBe(byHand);
  });
});

describe('the order of an import', () => {
  it('is Namespaces, what nobody reconciles, Clusters, then what is owned before its owner', () => {
    const order = ['Namespace', 'Secret', 'ConfigMap', 'Cluster', 'Machine', 'MachineSet', 'MachineDeployment'];
    expect(moving.map(({ kind }) => kind).filter((kind) => order.includes(kind))).toEqual(order);
    expect(moving.map(({ kind }) => kind)).not.toContain('Event');
  });

  it('does not hang on the order of the list', () => {
    for (const list of [kinds, kinds.toReversed()]) {
      const names = inOrder(list).map(({ kind }) => kind);
      for (const { kind, owns } of kinds) for (const child of owns) expect(names.indexOf(child)).toBeLessThan(names.indexOf(kind));
    }
  });
});

describe('what an import finds', () => {
  const held: Kept = { ...c, object: pause(c.object) };
  const stored = ({ kind, object }: Kept, metadata: object = {}, rest: object = {}): Kept =>
    one(kind, { ...object, ...rest }, { uid: object.metadata.uid, resourceVersion: '9', ...metadata });
  const imported = stored({ ...held, object: markImported(held.object, 'this') });
  const gone = stored({ ...c, object: markImported(c.object, 'this') });
  const creds = one(secret, credentialsOf('east', 'x'));

  it.each<[string, readonly Kept[], readonly Kept[], { missing?: number; there?: number; goneOn?: number; conflicts?: readonly string[] }]>(
    [
      ['nothing', [creds, held, master], [], { missing: 3 }],
      ['half of it', [held, master], [imported], { missing: 1, there: 1 }],
      ['all of it, with another status', [held, master], [imported, stored(master, {}, { status: { phase: 'Failed' } })], { there: 2 }],
      [
        'a Namespace of its own',
        [one(namespace, newNamespace('n'))],
        [one(namespace, newNamespace('n'), { uid: 'its own' })],
        { there: 1 },
      ],
      [
        'a default role of its own',
        [one(clusterRole, defaultRoles[0]!)],
        [one(clusterRole, { ...defaultRoles[0]!, rules: [] }, { uid: 'its own' })],
        { there: 1 },
      ],
      ['a Cluster that went on', [held, master], [gone], { goneOn: 1 }],
      ['a Cluster that went on, and another object', [held, creds], [gone], { goneOn: 1, missing: 1 }],
      [
        'a Cluster that goes on from another export',
        [held],
        [stored({ ...c, object: markImported(c.object, 'another') })],
        { conflicts: ['is there already and is not paused'] },
      ],
      ['the plane that it came from', [held, master], [stored(held), stored(master)], { there: 2 }],
      ['another object of the name', [creds], [stored(creds, { uid: 'another' })], { conflicts: ['is another object there'] }],
      [
        'the object with another content',
        [creds],
        [stored(creds, {}, { data: {} })],
        { conflicts: ['is there already and was changed since'] },
      ],
      [
        'the object being deleted',
        [master, held],
        [imported, stored(master, { deletionTimestamp: '2019-07-26T00:00:00Z' })],
        { there: 1, conflicts: ['is there already and was changed since'] },
      ],
    ],
  )('is %s', (_, exported, found, { missing = 0, there = 0, goneOn = 0, conflicts = [] }) => {
    const all = compare(exported, found, 'this');
    expect({ missing: all.missing.length, there: all.there.length, goneOn: all.goneOn.length }).toEqual({ missing, there, goneOn });
    expect(all.conflicts.map(({ because }) => because)).toEqual(conflicts);
  });
});
