import { describe, expect, it } from '@jest/globals';
import { machineClass } from '../../../shared/kinds/machine-class/kind.ts';
import { aMachineClass } from '../../plane/objects.ts';

const pathsOf = (more: Record<string, unknown>) => {
  const { providerSpec } = aMachineClass('large', 'east');
  return machineClass.schema.safeParse({ providerSpec, ...more }).error?.issues.map(({ path }) => path.join('.'));
};

describe('a MachineClass', () => {
  it.each([
    [{}, undefined],
    [{ capacity: { cpu: 4, memory: '16Gi', 'nvidia.com/gpu': '1' }, allocatable: { cpu: '3500m', memory: '1e9', x: '.5' } }, undefined],
    [{ capacity: { memory: 'a lot' } }, ['capacity.memory']],
    [{ capacity: { cpu: -1 } }, ['capacity.cpu']],
    [{ allocatable: { memory: '16 GB' } }, ['allocatable.memory']],
    [{ providerSpec: undefined }, ['providerSpec']],
    [{ providerSpec: { value: {} } }, ['providerSpec.apiVersion', 'providerSpec.kind', 'providerSpec.platform']],
  ])('with %j is refused at %j', (more, paths) => {
    expect(pathsOf(more)).toEqual(paths);
  });

  it('shows its platform', () => {
    const large = aMachineClass('large', 'west');
    expect(machineClass.columns.map(({ name, value }) => [name, value(large)])).toEqual([
      ['Platform', 'west'],
      ['Age', undefined],
    ]);
  });

  it('is reconciled by nobody: it costs nothing at rest', () => {
    expect(machineClass.reconciled).toBe(false);
  });
});
