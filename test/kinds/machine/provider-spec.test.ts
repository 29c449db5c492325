import { describe, expect, it } from '@jest/globals';
import { machine } from '../../../shared/kinds/machine/kind.ts';
import {
  type MachineProviderSpec,
  providerSpecCauses,
  providerSpecOf,
  providerSpec as schema,
} from '../../../shared/kinds/machine/provider-spec.ts';
import { toMachineSelf } from '../../../shared/kinds/machine/to-model.ts';
import { templateCauses } from '../../../shared/kinds/machine-set/template.ts';
import { aClassWorker, aMachineClass, aWorker } from '../../plane/objects.ts';

const of = (platform: 'east' | 'west'): MachineProviderSpec => aMachineClass('c', platform).providerSpec;
const named = (more: Record<string, unknown> = {}) => ({ valueFrom: { machineClass: { name: 'large', ...more } } });
const withSpec = (providerSpec: object, status: Record<string, unknown> = {}) => {
  const object = aWorker('c', 'w');
  return { ...object, spec: { ...object.spec, providerSpec: schema.parse(providerSpec) }, status };
};

describe('what a Machine is made of', () => {
  it.each([
    ['what is in place', { value: of('east') }, {}, 'east', undefined],
    ['nothing yet, when its class has not been read', named(), {}, undefined, 'large'],
    ['what was taken from its class', named(), { providerSpec: of('west') }, 'west', undefined],
    ['what was taken, whatever is in place now', { value: of('east') }, { providerSpec: of('west') }, 'west', undefined],
  ])('is %s', (_, providerSpec, status, platform, machineClass) => {
    const object = withSpec(providerSpec, status);
    expect(providerSpecOf(object)?.platform.type).toBe(platform);
    expect([toMachineSelf(object).platform, toMachineSelf(object).machineClass]).toEqual([platform, machineClass]);
  });
});

describe('a provider spec is refused', () => {
  const both = { value: of('east'), ...named() };
  const at = 'spec.providerSpec';
  it.each([
    ['', named()],
    ['', named({ namespace: 'default', kind: 'MachineClass', apiVersion: 'cluster.k8s.io/v1alpha1', provider: 'aws' })],
    ['', named({ namespace: '' })],
    [`${at} is required: write exactly one of value and valueFrom`, {}],
    [`${at} is forbidden: write exactly one of value and valueFrom`, both],
    [
      `${at}.valueFrom.machineClass.namespace is forbidden: write default, or leave it out: a Machine uses the classes of its own namespace`,
      named({ namespace: 'other' }),
    ],
  ])('%j for %j', (words, providerSpec) => {
    const said = providerSpecCauses(withSpec(providerSpec).spec.providerSpec, at, 'default').map(
      ({ field, reason, message }) => `${field} is ${reason === 'FieldValueRequired' ? 'required' : 'forbidden'}: ${message}`,
    );
    expect(said.join()).toBe(words);
  });

  it.each([
    [{ valueFrom: {} }, 'valueFrom.machineClass'],
    [{ valueFrom: { machineClass: {} } }, 'valueFrom.machineClass.name'],
    [named({ name: '' }), 'valueFrom.machineClass.name'],
    [named({ kind: 'Machine' }), 'valueFrom.machineClass.kind'],
    [named({ apiVersion: 'v1' }), 'valueFrom.machineClass.apiVersion'],
  ])('%j at %s', (providerSpec, path) => {
    const { error } = schema.safeParse(providerSpec);
    expect(error?.issues.map((issue) => issue.path.join('.'))).toEqual([path]);
  });

  it('in a Machine and in a template, by its path there', () => {
    const { spec, metadata } = withSpec(named({ namespace: 'other' }));
    const template = { metadata: { labels: metadata.labels }, spec };
    const fields = [
      ...machine.validate({ ...aWorker('c', 'w'), spec }),
      ...templateCauses({ metadata, spec: { selector: { matchLabels: metadata.labels ?? {} }, template } }),
    ].map(({ field }) => field);
    expect(fields).toEqual([
      'spec.providerSpec.valueFrom.machineClass.namespace',
      'spec.template.spec.providerSpec.valueFrom.machineClass.namespace',
    ]);
  });
});

describe('what an instance is found by', () => {
  const started = { execution: 'create-w-1' };
  const value = { value: of('east') };
  it.each([
    ['may not be taken away', value, started, named(), started, ['spec.providerSpec.value']],
    ['may not be taken away from status', named(), { ...started, providerSpec: of('east') }, named(), started, ['status.providerSpec']],
    ['may be taken away before anything was made', value, {}, named(), {}, []],
    ['may be replaced, which UpToDate complains of', value, started, { value: of('west') }, started, []],
    [
      'stays when another class is named',
      named(),
      { ...started, providerSpec: of('east') },
      named({ name: 'small' }),
      { providerSpec: of('east') },
      [],
    ],
  ])('%s', (_, before, was, after, is, fields) => {
    const causes = machine.validateChange?.(withSpec(before, was), withSpec(after, is)) ?? [];
    expect(causes.map(({ field }) => field)).toEqual(fields);
  });
});

describe('a worker by class', () => {
  it('is of another template when another class is named, and of the same when the class changes', () => {
    const template = (name: string) => toMachineSelf(aClassWorker('c', 'w', name)).template;
    expect(template('large')).toEqual(template('large'));
    expect(template('large')).not.toEqual(template('small'));
  });
});
