import * as z from 'zod';
import type { Cause } from '../../errors.ts';
import { keys, type LabelSelector, templateMetadata } from '../fields.ts';
import { machineSpec, oneProviderSpec } from '../machine/kind.ts';
import { rolloutSpecOf } from '../rollout-spec.ts';
import { isEmptySelector, matchesLabels } from '../selector.ts';
import { inPlaceOf } from './in-place.ts';
import type { MachineTemplate } from './model.ts';

/** What MachineSets and MachineDeployments make Machines from. */
export const machineTemplate = z
  .object({
    metadata: templateMetadata.optional(),
    spec: machineSpec.describe('The spec of each Machine.'),
  })
  .describe('What each Machine is made from.');

type TemplateObject = z.output<typeof machineTemplate>;

export const toTemplate = (template: TemplateObject): MachineTemplate => ({
  labels: template.metadata?.labels ?? {},
  annotations: template.metadata?.annotations ?? {},
  spec: template.spec,
  rollout: rolloutSpecOf(template.spec),
  inPlace: inPlaceOf(template.spec),
});

/** What is wrong with a selector and the template whose Machines it should select. */
export function templateCauses(spec: { readonly selector: LabelSelector; readonly template: TemplateObject }): Cause[] {
  const labels = spec.template.metadata?.labels ?? {};
  const causes = oneProviderSpec(spec.template.spec.providerSpec, 'spec.template.spec.providerSpec');
  if (isEmptySelector(spec.selector))
    causes.push({
      field: 'spec.selector',
      reason: 'FieldValueRequired',
      message: 'write at least one label: an empty selector would select every Machine',
    });
  else if (!matchesLabels(spec.selector, labels))
    causes.push({
      field: 'spec.template.metadata.labels',
      reason: 'FieldValueInvalid',
      message: 'write labels that spec.selector selects: otherwise it would not find the Machines that it makes',
    });
  if (labels[keys.clusterName] === undefined)
    causes.push({
      field: `spec.template.metadata.labels[${keys.clusterName}]`,
      reason: 'FieldValueRequired',
      message: 'write the name of the Cluster that the Machines belong to',
    });
  if (spec.template.spec.providerID !== undefined)
    causes.push({
      field: 'spec.template.spec.providerID',
      reason: 'FieldValueForbidden',
      message: 'remove it: every Machine gets a providerID of its own',
    });
  return causes;
}
