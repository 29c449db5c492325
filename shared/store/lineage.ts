import type { KubeObject } from '../kinds/object.ts';
import type { Lineage, Stored } from './item.ts';
import { keepRecent } from './keep-recent.ts';

/** Objects whose lineage is kept at once; a few hundred bytes each. */
const most = 10_000;

/**
 * What has been read lately, without content: an update replaces the whole item, and from here it knows what to take over
 * without reading again. What is not here costs one read.
 */
export interface Lineages {
  remember(stored: Stored, object: KubeObject): void;
  /** For a new version of the object that takes the place of this one; undefined: read it again. */
  of(object: KubeObject): Lineage | undefined;
}

interface Remembered {
  readonly version: string;
  readonly labels: string;
  readonly lineage: Required<Omit<Lineage, 'replaced'>> & Pick<Lineage, 'replaced'>;
}

export function createLineages(): Lineages {
  const byUid = new Map<string, Remembered>();

  return Object.freeze({
    remember(stored: Stored, object: KubeObject) {
      const { uid, createdVersion, labelsVersion, replaced } = stored;
      const version = String(stored.version);
      const known = byUid.get(uid);
      if (known?.version === version) return keepRecent(byUid, uid, known, most);
      // A copy: what was read is a view of a larger buffer, which would be kept with it.
      const writes = new Uint8Array(stored.writes);
      const lineage = { createdVersion, labelsVersion, writes, ...(replaced !== undefined && { replaced }) };
      keepRecent(byUid, uid, { version, labels: labelsOf(object), lineage }, most);
    },

    of(object: KubeObject) {
      const remembered = byUid.get(object.metadata.uid ?? '');
      if (remembered === undefined || remembered.version !== object.metadata.resourceVersion) return undefined;
      if (remembered.labels === labelsOf(object)) return remembered.lineage;
      const { labelsVersion: _, ...lineage } = remembered.lineage;
      return lineage;
    },
  });
}

/** Labels as text: the same labels, the same text. */
export const labelsOf = (object: KubeObject): string =>
  JSON.stringify(Object.entries(object.metadata.labels ?? {}).sort(([a], [b]) => (a < b ? -1 : 1)));
