import { describe, expect, it } from '@jest/globals';
import { forgetOld, nextRevision, revisionAnnotations } from '../../../shared/kinds/machine-deployment/revisions.ts';
import { aMachineSet } from './builders.ts';

const key = 'machinedeployment.clusters.k8s.io/revision';
const historyKey = 'machinedeployment.clusters.k8s.io/revision-history';
const set = (revision?: number, history?: string) => ({
  annotations: { ...(revision !== undefined && { [key]: `${revision}` }), ...(history !== undefined && { [historyKey]: history }) },
});

describe('revisions', () => {
  it.each([
    { old: [], current: undefined, expected: { [key]: '1' } },
    { old: [1], current: undefined, expected: { [key]: '2' } },
    { old: [], current: set(1), expected: { [key]: '1' } },
    { old: [1, 2], current: set(1), expected: { [key]: '3', [historyKey]: '1' } },
    { old: [1, 2], current: set(4), expected: { [key]: '4' } },
    { old: [3, 4], current: set(2, '1'), expected: { [key]: '5', [historyKey]: '1,2' } },
  ])('above $old, from $current.annotations', ({ old, current, expected }) => {
    const revision = nextRevision(
      current,
      old.map((each) => set(each)),
    );
    expect(revisionAnnotations(current, revision)).toEqual(expected);
  });
});

describe('history', () => {
  const idle = (name: string, revision: number, more = {}) => aMachineSet(name, `v${revision}`, { ...set(revision), ...more });
  const forgotten = (sets: ReturnType<typeof idle>[], limit: number) =>
    forgetOld(sets, limit).map((operation) => operation.op === 'delete' && operation.target.name);

  it('keeps the newest MachineSets, by revision', () => {
    const sets = [idle('ms1', 4), idle('ms2', 2), idle('ms3', 3)];
    expect(forgotten(sets, 1)).toEqual(['ms3', 'ms2']);
    expect(forgotten(sets, 3)).toEqual([]);
    expect(forgotten(sets, 0)).toEqual(['ms1', 'ms3', 'ms2']);
  });

  it.each([
    ['has Machines', { existing: 1 }],
    ['wants Machines', { desired: 1 }],
    ['is being deleted', { deleting: true }],
    ['has not said yet how many Machines it has', { observedGeneration: undefined }],
    ['speaks of an earlier generation', { generation: 2, observedGeneration: 1 }],
  ])('never loses a MachineSet that %s', (_, more) => {
    expect(forgotten([idle('ms1', 1, more)], 0)).toEqual([]);
  });
});
