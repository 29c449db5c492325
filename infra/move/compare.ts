import { bootstrapped } from '../../shared/api/authorize/default-roles.ts';
import { canonical } from '../../shared/kinds/canonical.ts';
import { namespace } from '../../shared/kinds/core/namespace.ts';
import type { KubeObject } from '../../shared/kinds/object.ts';
import { clusterRole } from '../../shared/kinds/rbac/cluster-role.ts';
import { clusterNamed, isPaused, isPausedByExport, unmarked, wasImportedFrom } from './pausing.ts';
import { type Kept, keyOf } from './place.ts';

/** Why an object cannot be imported. */
export interface Difference {
  readonly one: Kept;
  readonly because: string;
}

export interface Comparison {
  /** To be restored. */
  readonly missing: readonly Kept[];
  /** There as it was exported, from an earlier run that died. */
  readonly there: readonly Kept[];
  /** Let go by an earlier run: since then it is this plane's, with all that goes with it. */
  readonly goneOn: readonly Kept[];
  readonly conflicts: readonly Difference[];
}

/** What an import has to do where `found` is stored. `from` names the export. */
export function compare(exported: readonly Kept[], found: readonly Kept[], from: string): Comparison {
  const stored = new Map(found.map((one) => [keyOf(one), one]));
  const wentOn = (one: Kept): boolean => {
    const twin = stored.get(keyOf(one));
    return isPausedByExport(one.object) && twin !== undefined && !isPausedByExport(twin.object) && wasImportedFrom(twin.object, from);
  };
  const gone = exported.filter(wentOn);
  const clustersGone = new Set(gone.map(clusterNamed).filter((name) => name !== undefined));
  const goneOn = new Set(exported.filter((one) => gone.includes(one) || clustersGone.has(clusterNamed(one) ?? '')));

  const missing: Kept[] = [];
  const there: Kept[] = [];
  const conflicts: Difference[] = [];
  for (const one of exported.filter((each) => !goneOn.has(each))) {
    const twin = stored.get(keyOf(one));
    const because = twin && difference(one, twin);
    if (twin === undefined) missing.push(one);
    else if (because === undefined) there.push(one);
    else conflicts.push({ one, because });
  }
  return { missing, there, goneOn: gone, conflicts };
}

/** What is different about the object that has the name. Every plane has Namespaces and default roles of its own: nothing hangs on which. */
function difference(one: Kept, twin: Kept): string | undefined {
  if (one.kind === namespace || isDefaultRole(one)) return undefined;
  if (twin.object.metadata.uid !== one.object.metadata.uid) return 'is another object there';
  if (isPausedByExport(one.object) && !isPaused(twin)) return 'is there already and is not paused';
  return canonical(willOf(one.object)) === canonical(willOf(twin.object)) ? undefined : 'is there already and was changed since';
}

const isDefaultRole = ({ kind, object: { metadata } }: Kept): boolean =>
  kind === clusterRole && Object.entries(bootstrapped).every(([key, value]) => metadata.labels?.[key] === value);

/** All but what is observed, and what only this or that store says. */
function willOf(object: KubeObject): unknown {
  const { status: _, metadata, ...rest } = unmarked(object);
  const { resourceVersion: __, managedFields: ___, ...identity } = metadata;
  return { ...rest, metadata: identity };
}
