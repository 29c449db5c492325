import { describe, expect, it } from '@jest/globals';
import type { MachineObject } from '../../../shared/kinds/machine/kind.ts';
import { masterIndex, roleOf, toMachine, toMachineSelf } from '../../../shared/kinds/machine/to-model.ts';
import { aMaster, aWorker } from '../../plane/objects.ts';

describe('the role of a Machine', () => {
  const labelled = (labels: Record<string, string>, versions?: { kubelet?: string; controlPlane?: string }): MachineObject => {
    const object = aWorker('c', 'm');
    return { ...object, metadata: { ...object.metadata, labels }, spec: { ...object.spec, ...(versions && { versions }) } };
  };

  it.each([
    ['master', { set: 'master' }, undefined],
    ['master', {}, { controlPlane: 'v1.35.0' }],
    ['master', { set: 'worker' }, { controlPlane: 'v1.35.0' }],
    ['worker', {}, undefined],
    ['worker', { set: 'worker' }, { kubelet: 'v1.35.0' }],
    ['worker', { set: 'masters' }, undefined],
  ])('is %s with labels %j and versions %j', (role, labels, versions) => {
    expect(roleOf(labelled(labels, versions))).toBe(role);
  });

  it('does not follow from its name', () => {
    expect(roleOf(aWorker('c', 'c-master-0'))).toBe('worker');
  });
});

describe('the index of a master', () => {
  it.each([
    ['talos-gce-master-0', 0],
    ['c-12', 12],
    ['c-master-007', 7],
    ['master', undefined],
    ['master0', undefined],
    ['c-1-master', undefined],
  ])('of %s is %s', (name, index) => {
    expect(masterIndex(name)).toBe(index);
  });
});

describe('a Machine as plans see it', () => {
  it('is what its object says', () => {
    const object = aMaster('c', 1, { uid: 'u', generation: 3, finalizers: ['f'], annotations: { 'cluster.k8s.io/paused': '' } });
    expect(toMachineSelf(object)).toMatchObject({
      namespace: 'default',
      name: 'c-master-1',
      uid: 'u',
      clusterName: 'c',
      role: 'master',
      index: 1,
      platform: 'east',
      generation: 3,
      finalizers: ['f'],
      paused: true,
      deleting: false,
      failed: false,
      status: {},
    });
  });

  it('of a worker has no index although its name ends in a number', () => {
    expect(toMachineSelf(aWorker('c', 'single-4'))).not.toHaveProperty('index');
  });

  it.each([
    ['True', true],
    ['False', false],
    ['Unknown', undefined],
    [undefined, undefined],
  ] as const)('whose Node is Ready=%s has ready %s', (status, ready) => {
    const since = '2026-01-01T00:00:00Z';
    const conditions = status === undefined ? [] : [{ type: 'NodeReady', status, lastTransitionTime: since }];
    const machine = toMachine({ ...aWorker('c', 'm'), status: { conditions } });
    expect(machine.ready).toBe(ready);
    expect(machine.readySince).toBe(status === undefined ? undefined : Date.parse(since));
  });

  it('names its controlling owner, and no other', () => {
    const owner = { apiVersion: 'cluster.k8s.io/v1alpha1', kind: 'MachineSet', name: 'ms', uid: 'ms-uid' };
    const owned = (controller: boolean) => {
      const object = aWorker('c', 'm');
      return toMachine({ ...object, metadata: { ...object.metadata, ownerReferences: [{ ...owner, controller }] } }).owner;
    };
    expect([owned(true), owned(false)]).toEqual(['ms-uid', undefined]);
  });
});
