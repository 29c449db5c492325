import { describe, expect, it } from '@jest/globals';
import { findCurrent, outOfDate } from '../../../shared/kinds/machine-deployment/find-current.ts';
import { aMachineSet, now, templateOf } from './builders.ts';

const find = (sets: ReturnType<typeof aMachineSet>[], rolloutAfter?: number) =>
  findCurrent({ template: templateOf('v2'), rolloutAfter }, sets, now);

describe('the current MachineSet', () => {
  it('is none where there are none', () => {
    expect(find([])).toEqual({ current: undefined, old: [], because: 'no MachineSets exist for the MachineDeployment' });
  });

  it('is none where none has what the template asks for', () => {
    const found = find([aMachineSet('ms1', 'v1')]);
    expect(found.current).toBeUndefined();
    expect(found.because).toBe(
      "couldn't find MachineSet matching MachineDeployment spec template: MachineSet ms1 needs rollout: Version v1, v2 required",
    );
  });

  it('is the larger of two that match, then the older', () => {
    const small = aMachineSet('a', 'v2', { desired: 1, createdAt: now - 3000 });
    const large = aMachineSet('b', 'v2', { desired: 2, createdAt: now - 2000 });
    const late = aMachineSet('c', 'v2', { desired: 2, createdAt: now - 1000 });
    expect(find([late, small, large]).current).toBe(large);
    expect(find([late, small, large]).old).toEqual([small, late]);
  });

  it('matches whatever changes in place', () => {
    const set = aMachineSet('a', 'v2', {
      minReadySeconds: 60,
      deletePolicy: 'Oldest',
      template: templateOf('v2', { labels: { other: 'label' }, annotations: { note: 'x' }, inPlace: { taints: [], deletion: {} } }),
    });
    expect(find([set]).current).toBe(set);
  });

  it('is never one that is being deleted', () => {
    const found = find([aMachineSet('a', 'v2', { deleting: true })]);
    expect([found.current, found.old.length]).toEqual([undefined, 1]);
  });

  const restart = now - 1000;
  it('must be made after a restart whose time has come', () => {
    expect(find([aMachineSet('a', 'v2', { createdAt: restart - 1000 })], restart)).toMatchObject({
      current: undefined,
      because: 'spec.rolloutAfter on MachineDeployment set to 2025-12-31T23:59:59Z, no MachineSet has been created afterwards',
    });
  });

  it('counts as made after the restart if it was made in that very moment', () => {
    expect(find([aMachineSet('a', 'v2', { createdAt: restart })], restart).current?.name).toBe('a');
  });

  it('does not care for a restart in the future', () => {
    expect(find([aMachineSet('a', 'v2', { createdAt: now - 5000 })], now + 1).current?.name).toBe('a');
  });
});

describe('what is out of date', () => {
  const spec = { versions: { kubelet: 'v1.25.0' }, providerSpec: { image: 'talos-1' }, failureDomain: 'a' };
  it.each([
    [{ ...spec, versions: { kubelet: 'v1.26.0' } }, ['Version v1.25.0, v1.26.0 required']],
    [{ ...spec, versions: { kubelet: 'v1.25.0', controlPlane: 'v1.25.0' } }, ['Control plane version (none), v1.25.0 required']],
    [{ ...spec, failureDomain: 'b' }, ['Failure domain a, b required']],
    [{ ...spec, providerSpec: { image: 'talos-2' } }, ['Provider spec is not up-to-date']],
    [{ ...spec, configSource: { name: 'x' } }, ['Config source is not up-to-date']],
    [spec, []],
  ])('towards %j: %j', (wanted, reasons) => {
    expect(outOfDate(spec, wanted)).toEqual(reasons);
    expect(outOfDate(wanted, spec)).toHaveLength(reasons.length);
  });
});
