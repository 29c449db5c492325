import { indexes } from '../../../shared/store/table.ts';
import { type Footprint, footprintOf, refusedUnits, type WireItem, writeUnits } from './write-units.ts';

/** One request to DynamoDB and its answer, as they passed the socket. */
export interface Exchange {
  /** `PutItem` */
  readonly action: string;
  /** The function that asked; absent: none that runs on AWS. */
  readonly by?: string;
  readonly request: Request;
  /** Of HTTP. */
  readonly status: number;
  /** An update's shows the new item as `Attributes`. */
  readonly reply: Reply;
}

export interface Request {
  readonly TableName?: string;
  readonly IndexName?: string;
  readonly Limit?: number;
  readonly Item?: WireItem;
  readonly Key?: WireItem;
  readonly ExpressionAttributeValues?: WireItem;
  readonly RequestItems?: Readonly<Record<string, { readonly Keys: readonly WireItem[] }>>;
}

export interface Reply {
  readonly __type?: string;
  readonly Attributes?: WireItem;
  readonly ConsumedCapacity?: Consumed | readonly Consumed[];
}

interface Consumed {
  readonly CapacityUnits?: number;
}

/** Read and write capacity units, as AWS would bill them. */
export interface Units {
  readonly reads: number;
  readonly writes: number;
}

/** A line of the bill: all requests of one sort. */
export interface Line extends Units {
  /** `Query byOwner machines`; one that was refused says so. */
  readonly what: string;
  readonly requests: number;
}

export interface Bill {
  /** Throws for a request that it has no price for: an operation that is not counted would look cheap. */
  add(exchange: Exchange): void;
  /** All since the bill was opened, or since the lines that are given; the dearest first. */
  lines(since?: readonly Line[]): Line[];
  writes(): number;
  /** By the function that asked, since the bill was opened. */
  byFunction(): Readonly<Record<string, Units>>;
  /** Of all items that there are. */
  bytes(): number;
}

const indexKeys = Object.values(indexes).map(({ key }) => key);
const reading = new Set(['GetItem', 'Query', 'BatchGetItem', 'Scan']);
const writing = new Set(['PutItem', 'UpdateItem', 'DeleteItem']);
const free = new Set(['CreateTable', 'DescribeTable']);

/** Opened before the table is made: the bill knows each item by the writes that it has seen. */
export function openBill(): Bill {
  const items = new Map<string, Footprint>();
  const byWhat = new Map<string, Line>();
  const byFunction = new Map<string, Units>();
  let written = 0;

  function write({ action, request, status, reply }: Exchange): number {
    const key = keyOf(request.Item ?? request.Key);
    const before = items.get(key);
    if (status !== 200) return reply.__type?.endsWith('ConditionalCheckFailedException') ? refusedUnits(before) : 0;
    const item = action === 'PutItem' ? request.Item : reply.Attributes;
    const after = action === 'DeleteItem' || item === undefined ? undefined : footprintOf(item, indexKeys);
    if (after === undefined) items.delete(key);
    else items.set(key, after);
    return writeUnits(before, after);
  }

  return {
    add(exchange) {
      const { action } = exchange;
      if (free.has(action)) return;
      if (!reading.has(action) && !writing.has(action)) throw new Error(`the benchmark has no price for ${action} of DynamoDB: add it`);
      const units = writing.has(action) ? { reads: 0, writes: write(exchange) } : { reads: readUnits(exchange), writes: 0 };
      const what = nameOf(exchange);
      const { requests, reads, writes } = byWhat.get(what) ?? { requests: 0, reads: 0, writes: 0 };
      byWhat.set(what, { what, requests: requests + 1, reads: reads + units.reads, writes: writes + units.writes });
      written += units.writes;
      if (exchange.by !== undefined) byFunction.set(exchange.by, plus(byFunction.get(exchange.by), units));
    },
    lines: (since = []) =>
      [...byWhat.values()]
        .map((line) =>
          less(
            line,
            since.find(({ what }) => what === line.what),
          ),
        )
        .filter(({ requests }) => requests > 0)
        .sort((a, b) => b.reads + b.writes - (a.reads + a.writes)),
    writes: () => written,
    byFunction: () => Object.fromEntries(byFunction),
    bytes: () => [...items.values()].reduce((sum, { bytes }) => sum + bytes, 0),
  };
}

const plus = ({ reads, writes }: Units = { reads: 0, writes: 0 }, more: Units): Units => ({
  reads: reads + more.reads,
  writes: writes + more.writes,
});

const less = (line: Line, former: Line | undefined): Line => ({
  what: line.what,
  requests: line.requests - (former?.requests ?? 0),
  reads: line.reads - (former?.reads ?? 0),
  writes: line.writes - (former?.writes ?? 0),
});

/** AWS bills what is not there too: a unit for a query that finds nothing, and one for each item that a batch asks for. The embedded DynamoDB does not. */
function readUnits({ request, reply: { ConsumedCapacity = [] } }: Exchange): number {
  const consumed = [ConsumedCapacity].flat().reduce((sum, { CapacityUnits = 0 }) => sum + CapacityUnits, 0);
  const asked = Object.values(request.RequestItems ?? {}).reduce((sum, { Keys }) => sum + Keys.length, 0);
  return Math.max(consumed, asked) || 1;
}

const keyOf = (item: WireItem | undefined): string => `${item?.pk?.S}/${item?.sk?.S}`;

/** The action, the index, whose objects, and a limit or a refusal. */
function nameOf({ action, request, status }: Exchange): string {
  const { IndexName, Limit } = request;
  const words = [
    action,
    IndexName,
    resourceOf(request),
    Limit === undefined ? undefined : `limit ${Limit}`,
    status === 200 ? undefined : 'refused',
  ];
  return words.filter((word) => word !== undefined).join(' ');
}

/** `machines`, of the partition `machines.cluster.k8s.io/default`; a batch may be of several. */
function resourceOf({ Item, Key, ExpressionAttributeValues, RequestItems = {} }: Request): string {
  const keys = Object.values(RequestItems).flatMap(({ Keys }) => Keys);
  const partitions = [Item, Key, ...keys].flatMap((key) => key?.pk?.S ?? []);
  const all = partitions.length > 0 ? partitions : [ExpressionAttributeValues?.[':pk']?.S ?? ''];
  return [...new Set(all.map((partition) => partition.split(/[./]/, 1)[0] ?? ''))].sort().join('+');
}
