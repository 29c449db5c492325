import * as z from 'zod';
import type { Cause } from '../../errors.ts';
import { canonical } from '../canonical.ts';
import { keys, type LabelSelector, templateMetadata } from '../fields.ts';
import { machineSpec } from '../machine/kind.ts';
import { providerSpecCauses } from '../machine/provider-spec.ts';
import type { ObjectMeta } from '../object.ts';
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

export function toTemplate({ metadata, spec }: TemplateObject): MachineTemplate {
  const rollout = rolloutSpecOf(spec);
  return {
    labels: metadata?.labels ?? {},
    annotations: metadata?.annotations ?? {},
    spec,
    rollout,
    fingerprint: canonical(rollout),
    inPlace: inPlaceOf(spec),
  };
}

interface Templated {
  readonly metadata: Pick<ObjectMeta, 'labels' | 'namespace'>;
  readonly spec: { readonly selector: LabelSelector; readonly template: TemplateObject };
}

/** What is wrong with a template, and with the selector that should select its Machines. */
export function templateCauses({ metadata, spec }: Templated): Cause[] {
  const labels = spec.template.metadata?.labels ?? {};
  const causes = providerSpecCauses(spec.template.spec.providerSpec, 'spec.template.spec.providerSpec', metadata.namespace);
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
  const own = metadata.labels?.[keys.clusterName];
  if (own !== undefined && labels[keys.clusterName] !== undefined && own !== labels[keys.clusterName])
    causes.push({
      field: `metadata.labels[${keys.clusterName}]`,
      reason: 'FieldValueInvalid',
      message: `write ${labels[keys.clusterName]}, as in spec.template.metadata.labels, or leave it out`,
    });
  if (spec.template.spec.providerID !== undefined)
    causes.push({
      field: 'spec.template.spec.providerID',
      reason: 'FieldValueForbidden',
      message: 'remove it: every Machine gets a providerID of its own',
    });
  return causes;
}
