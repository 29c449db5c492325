import { canonical } from '../canonical.ts';
import { keys } from '../fields.ts';
import { annotationKeys, hashLabel } from '../machine-set/annotations.ts';
import { isEmpty, missingFrom, patchBetween } from '../machine-set/in-place.ts';
import type { MachineSet } from '../machine-set/model.ts';
import { childName, fnv1a, safeEncode } from '../names.ts';
import type { CreateOperation, Operation } from '../operation.ts';
import type { MachineDeployment } from './model.ts';
import type { Intent } from './situation.ts';

/** The name of a new MachineSet and the hash in it. */
export interface NewName {
  readonly name: string;
  readonly hash: string;
}

/**
 * `<deployment>-<hash>`, the hash being of what the template would roll out and of whose it is. A second MachineSet
 * of the same template (a restart, or one that is being deleted still) and a collision get the next hash.
 */
export function nameNew({ name, uid, template }: MachineDeployment, taken: readonly Pick<MachineSet, 'name'>[]): NewName {
  for (let round = 0; ; round++) {
    const hash = safeEncode(`${fnv1a(canonical([uid, template.fingerprint, round]))}`);
    const candidate = childName(name, hash);
    if (!taken.some((set) => set.name === candidate)) return { name: candidate, hash };
  }
}

/** Creates a MachineSet from the MachineDeployment's template. */
export function createMachineSet(
  deployment: MachineDeployment,
  { name, hash }: NewName,
  annotations: Readonly<Record<string, string>>,
  { replicas, because }: Intent,
): CreateOperation {
  const { template, selector } = deployment;
  const labels = { ...template.labels, [hashLabel]: hash };
  return {
    op: 'create',
    kind: 'MachineSet',
    name,
    labels,
    annotations: { ...inherited(deployment), ...annotations },
    finalizers: [keys.machineSetFinalizer],
    spec: {
      replicas,
      minReadySeconds: deployment.minReadySeconds,
      deletePolicy: deployment.deletePolicy ?? 'Random',
      selector: { ...selector, matchLabels: { ...selector.matchLabels, [hashLabel]: hash } },
      template: { metadata: { labels, annotations: template.annotations }, spec: template.spec },
    },
    because: because.join('; '),
  };
}

/** Brings a MachineSet in line: replicas as intended, and what changes in place, which needs no rollout. */
export function updateMachineSet(
  deployment: MachineDeployment,
  set: MachineSet,
  ours: Readonly<Record<string, string>>,
  intent: Intent | undefined,
): Operation[] {
  const hash = set.labels[hashLabel];
  const labelsWanted = { ...deployment.template.labels, ...(hash !== undefined && { [hashLabel]: hash }) };
  const labels = missingFrom(set.labels, labelsWanted);
  const annotations = missingFrom(set.annotations, { ...inherited(deployment), ...ours });
  const wanted = {
    replicas: intent?.replicas ?? set.desired,
    minReadySeconds: deployment.minReadySeconds,
    deletePolicy: deployment.deletePolicy ?? set.deletePolicy,
    template: {
      metadata: { labels: labelsWanted, annotations: deployment.template.annotations },
      spec: deployment.template.inPlace,
    },
  };
  const spec = patchBetween(mutableSpec(set), wanted);
  if (isEmpty(labels) && isEmpty(annotations) && isEmpty(spec)) return [];
  const change = { ...(!isEmpty(labels) && { labels }), ...(!isEmpty(annotations) && { annotations }), ...(!isEmpty(spec) && { spec }) };
  const because = intent?.because.join(', ') ?? 'it follows what its MachineDeployment says of size, labels, annotations and settings';
  return [{ op: 'update', target: { kind: 'MachineSet', name: set.name, uid: set.uid }, change, because }];
}

const mutableSpec = ({ desired, minReadySeconds, deletePolicy, template }: MachineSet) => ({
  replicas: desired,
  minReadySeconds,
  deletePolicy,
  template: { metadata: { labels: template.labels, annotations: template.annotations }, spec: template.inPlace },
});

/** Annotations that say something of one object only. */
const own: ReadonlySet<string> = new Set([
  ...Object.values(annotationKeys),
  'kubectl.kubernetes.io/last-applied-configuration',
  'cluster.x-k8s.io/conversion-data',
]);

const inherited = ({ annotations }: MachineDeployment): Record<string, string> =>
  Object.fromEntries(Object.entries(annotations).filter(([key]) => !own.has(key)));
