import type { Column, Kind } from '../../kinds/define-kind.ts';
import type { KubeObject } from '../../kinds/object.ts';
import { age } from './age.ts';

/** What of an object goes with its row; kubectl takes namespace and labels from it. */
export type IncludeObject = 'None' | 'Metadata' | 'Object';

export interface TableMeta {
  readonly resourceVersion?: string;
  readonly continue?: string;
  readonly remainingItemCount?: number;
}

interface TableOptions {
  readonly include: IncludeObject;
  /** ms since 1970: ages are text that the server makes. */
  readonly now: number;
  /** False in all events of a watch but the first. */
  readonly withColumns?: boolean;
}

/** Objects as `kubectl get` prints them. */
export function tableOf(kind: Kind, objects: readonly KubeObject[], metadata: TableMeta, options: TableOptions): Record<string, unknown> {
  const columns = columnsOf(kind);
  return {
    kind: 'Table',
    apiVersion: 'meta.k8s.io/v1',
    metadata,
    columnDefinitions: options.withColumns === false ? null : columns.map(definitionOf),
    rows: objects.map((object) => ({
      cells: columns.map((column) => cell(column, object, options.now)),
      ...(options.include !== 'None' && { object: options.include === 'Object' ? object : partialMetadata(object) }),
    })),
  };
}

const nameColumn: Column<KubeObject> = {
  name: 'Name',
  type: 'string',
  description: 'Name of the object, unique in its namespace',
  value: (object) => object.metadata.name,
};

/** The name comes first, unless the kind has placed it itself. */
const columnsOf = ({ columns }: Kind): readonly Column<KubeObject>[] =>
  columns.some((column) => column.name === 'Name') ? columns : [nameColumn, ...columns];

const definitionOf = ({ name, type, description, priority = 0 }: Column<KubeObject>) => ({
  name,
  type,
  format: name === 'Name' ? 'name' : '',
  description,
  priority,
});

function cell(column: Column<KubeObject>, object: KubeObject, now: number): string | number | boolean | null {
  const value = column.value(object);
  if (column.type !== 'date') return value ?? null;
  const since = Date.parse(String(value));
  return Number.isNaN(since) ? '<unknown>' : age(now - since);
}

/** An object of which only the metadata is told. */
export const partialMetadata = ({ metadata }: KubeObject): KubeObject => ({
  kind: 'PartialObjectMetadata',
  apiVersion: 'meta.k8s.io/v1',
  metadata,
});
