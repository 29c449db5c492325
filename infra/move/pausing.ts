import { type ClusterObject, cluster } from '../../shared/kinds/cluster/kind.ts';
import { toCluster } from '../../shared/kinds/cluster/model.ts';
import { keys } from '../../shared/kinds/fields.ts';
import type { KubeObject } from '../../shared/kinds/object.ts';
import type { Kept } from './place.ts';

/**
 * What an export pauses it annotates, with a value of its own: the mark travels with the object, so that an import knows what to let
 * go, and leaves alone what a person paused. An annotation raises no generation: nothing is published or rolled out for it.
 */
const byExport = 'plastron-export';

/** On what an import has let go: which export it came from. */
const importedFrom = 'plastron.dev/imported-from';

const annotationsOf = ({ metadata }: KubeObject): Readonly<Record<string, string>> => metadata.annotations ?? {};

const annotated = (object: KubeObject, annotations: Record<string, string>): KubeObject => ({
  ...object,
  metadata: { ...object.metadata, annotations: { ...object.metadata.annotations, ...annotations } },
});

export const pause = (object: KubeObject): KubeObject => annotated(object, { [keys.paused]: byExport });

export const isPausedByExport = (object: KubeObject): boolean => annotationsOf(object)[keys.paused] === byExport;

/** The object without the pause of an export. A pause of somebody else stays. */
export function resume(object: KubeObject): KubeObject {
  if (!isPausedByExport(object)) return object;
  const { [keys.paused]: _, ...annotations } = annotationsOf(object);
  return { ...object, metadata: { ...object.metadata, annotations } };
}

export const markImported = (object: KubeObject, from: string): KubeObject => annotated(object, { [importedFrom]: from });

export const wasImportedFrom = (object: KubeObject, from: string): boolean => annotationsOf(object)[importedFrom] === from;

/** The object without what export and import write on it. */
export function unmarked(object: KubeObject): KubeObject {
  const { [importedFrom]: _, ...annotations } = annotationsOf(resume(object));
  const { annotations: __, ...metadata } = object.metadata;
  return { ...object, metadata: { ...metadata, ...(Object.keys(annotations).length > 0 && { annotations }) } };
}

export const isCluster = ({ kind }: Kept): boolean => kind.kind === cluster.kind && kind.group === cluster.group;

/** Nothing is done for it, whoever said so. Of other kinds `spec.paused` holds back a rollout only. */
export const isPaused = (one: Kept): boolean =>
  annotationsOf(one.object)[keys.paused] !== undefined || (isCluster(one) && toCluster(one.object as ClusterObject).paused);

/** The Cluster that an object goes with, as `namespace/name`: itself, or the one that its label names. */
export function clusterNamed(one: Kept): string | undefined {
  const { namespace, name, labels } = one.object.metadata;
  const of = isCluster(one) ? name : labels?.[keys.clusterName];
  return of === undefined ? undefined : `${namespace}/${of}`;
}

/** What must be paused so that all stand still: the Clusters, and what is reconciled and follows none. */
export function toPause(all: readonly Kept[]): Kept[] {
  const clusters = new Set(all.filter(isCluster).map(clusterNamed));
  const follows = (one: Kept): boolean => !isCluster(one) && clusters.has(clusterNamed(one) ?? '');
  return all.filter((one) => one.kind.reconciled && !isPaused(one) && !follows(one));
}
