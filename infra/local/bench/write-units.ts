/**
 * What DynamoDB bills for writing to a table with local indexes that project keys only. The embedded DynamoDB does not bill
 * index writes, so the benchmark does.
 */

/** An attribute as the wire protocol has it: bytes in base64, numbers as text. */
export interface WireValue {
  readonly S?: string;
  readonly N?: string;
  readonly B?: string;
  readonly BOOL?: boolean;
  readonly NULL?: boolean;
  readonly SS?: readonly string[];
  readonly NS?: readonly string[];
  readonly BS?: readonly string[];
  readonly L?: readonly WireValue[];
  readonly M?: WireItem;
}
export type WireItem = Readonly<Record<string, WireValue>>;

/** Of an item, all that counts for the bill. */
export interface Footprint {
  readonly bytes: number;
  /** The values of the attributes that are the sort key of an index, in the order of the indexes; undefined: no entry there. */
  readonly indexKeys: readonly (string | undefined)[];
}

/** `indexKeys`: the names of those attributes. */
export const footprintOf = (item: WireItem, indexKeys: readonly string[]): Footprint => ({
  bytes: bytesOf(item),
  indexKeys: indexKeys.map((name) => item[name]?.S ?? item[name]?.N),
});

/** Write units begin each at a kilobyte. */
const unit = 1024;
const unitsOf = (bytes: number): number => Math.max(1, Math.ceil(bytes / unit));

/** Units for a write that turned `before` into `after`; either may be absent. The table's share goes by the larger of the two. */
export function writeUnits(before: Footprint | undefined, after: Footprint | undefined): number {
  const table = unitsOf(Math.max(before?.bytes ?? 0, after?.bytes ?? 0));
  const keys = before?.indexKeys ?? after?.indexKeys ?? [];
  return keys.reduce((sum, _, i) => sum + indexUnits(before?.indexKeys[i], after?.indexKeys[i]), table);
}

/** A write whose condition did not hold is billed by what it found. */
export const refusedUnits = (found: Footprint | undefined): number => unitsOf(found?.bytes ?? 0);

/** An entry of keys only is far below a kilobyte. One that moves is deleted and put. */
function indexUnits(before: string | undefined, after: string | undefined): number {
  if (before === after) return 0;
  return before === undefined || after === undefined ? 1 : 2;
}

/** The size of an item by DynamoDB's rules: names and values. */
export const bytesOf = (item: WireItem): number =>
  Object.entries(item).reduce((sum, [name, value]) => sum + Buffer.byteLength(name) + valueBytes(value), 0);

const base64Bytes = (text: string): number => Buffer.byteLength(text, 'base64');
const total = <T>(values: readonly T[], size: (value: T) => number): number => values.reduce((sum, value) => sum + size(value), 0);

function valueBytes({ S, N, B, SS, NS, BS, L, M }: WireValue): number {
  if (S !== undefined) return Buffer.byteLength(S);
  if (N !== undefined) return numberBytes(N);
  if (B !== undefined) return base64Bytes(B);
  if (SS !== undefined) return total(SS, (text) => Buffer.byteLength(text));
  if (NS !== undefined) return total(NS, numberBytes);
  if (BS !== undefined) return total(BS, base64Bytes);
  // Three bytes for the list or map itself, and one for each element.
  if (L !== undefined) return 3 + L.length + total(L, valueBytes);
  if (M !== undefined) return 3 + Object.keys(M).length + bytesOf(M);
  return 1;
}

/** One byte, one for every two significant digits, and one for a minus. */
function numberBytes(text: string): number {
  const digits = text
    .replace(/e.*$/i, '')
    .replace(/[-+.]/g, '')
    .replace(/^0+|0+$/g, '');
  return 1 + Math.ceil(digits.length / 2) + (text.startsWith('-') ? 1 : 0);
}
