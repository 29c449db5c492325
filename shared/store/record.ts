import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import type { Kind } from '../kinds/define-kind.ts';
import type { KubeObject, ObjectName } from '../kinds/object.ts';
import { type Item, storedOf } from './item.ts';
import { partsOf } from './partition.ts';
import type { Sealer } from './seal.ts';
import { objectOf } from './state.ts';
import type { Woken } from './store.ts';

/** An attribute as a stream of the table shows it: as DynamoDB's JSON, bytes in base64. */
export interface StreamAttribute {
  readonly S?: string;
  readonly N?: string;
  readonly B?: string;
}
export type StreamImage = Readonly<Record<string, StreamAttribute>>;

/** A record of the table's stream, as Lambda receives it; hosts without streams get the same from `committed`. */
export interface StreamRecord {
  readonly eventID: string;
  readonly eventName: 'INSERT' | 'MODIFY' | 'REMOVE';
  readonly dynamodb: {
    readonly Keys: StreamImage;
    readonly NewImage?: StreamImage;
    /** Always there in AWS; never from `committed`, since a put does not read what it replaces. */
    readonly OldImage?: StreamImage;
    readonly SequenceNumber: string;
    readonly StreamViewType: 'NEW_AND_OLD_IMAGES';
  };
}

/**
 * Attributes by which an item concerns the collector, with their types: it is a tombstone, or is being deleted and waits for others, or
 * names new owners, who may have ended before.
 */
export const collected = { deletedAt: 'N', ending: 'S', owned: 'S' } as const;

/** Few records do. */
export const concernsCollector = ({ dynamodb: { NewImage } }: Pick<StreamRecord, 'dynamodb'>): boolean =>
  Object.entries(collected).some(([attribute, type]) => NewImage?.[attribute]?.[type] !== undefined);

/** The record of a put. Its id is the first of the item's writes: that of the put. */
export function recordOf(item: Item, first: boolean): StreamRecord {
  const NewImage = Object.fromEntries(Object.entries(item).map(([name, value]) => [name, streamed(value)]));
  return {
    eventID: Buffer.from(item.writes!.B!.subarray(0, 8)).toString('hex'),
    eventName: first ? 'INSERT' : 'MODIFY',
    dynamodb: {
      Keys: { pk: NewImage.pk!, sk: NewImage.sk! },
      NewImage,
      SequenceNumber: item.rv!.N!,
      StreamViewType: 'NEW_AND_OLD_IMAGES',
    },
  };
}

const streamed = ({ S, N, B }: AttributeValue): StreamAttribute =>
  S !== undefined ? { S } : N !== undefined ? { N } : { B: Buffer.from(B!).toString('base64') };

/** What a record says about an object. */
export interface StoredChange extends ObjectName {
  readonly id: string;
  readonly group: string;
  readonly plural: string;
  /** The object is gone; the record has its last state. */
  readonly deleted: boolean;
  /** Only `dueAt` was set or cleared: nothing that anybody waits for has changed. */
  readonly dueOnly: boolean;
  /** Whom the writer says that it wakes; absent: all whom it may concern. */
  readonly wakes?: Woken;
  /** The object as it was stored; of a deleted one the last state. Throws Refused if it is sealed and does not open. */
  open<T extends KubeObject>(kind: Kind<T>, sealer: Sealer): Promise<T>;
}

/** Undefined: the record is only the end of a tombstone, and tells nothing new. */
export function parseRecord({ eventID, dynamodb }: StreamRecord): StoredChange | undefined {
  const { NewImage, OldImage } = dynamodb;
  if (NewImage === undefined && (OldImage === undefined || OldImage.deletedAt !== undefined)) return undefined;
  // Without a new image, time to live was faster than the sweep: the object has ended, and the old image is its last state.
  const item = itemOf(NewImage ?? OldImage!);
  const partition = item.pk!.S!;
  return {
    id: eventID,
    ...partsOf(partition),
    name: item.sk!.S!,
    deleted: NewImage === undefined || NewImage.deletedAt !== undefined,
    dueOnly: NewImage !== undefined && OldImage !== undefined && NewImage.rv?.N === OldImage.rv?.N,
    ...(NewImage?.wakes?.S !== undefined && { wakes: NewImage.wakes.S as Woken }),
    open: async <T extends KubeObject>(kind: Kind<T>, sealer: Sealer) => (await objectOf(storedOf(item, kind, sealer))) as T,
  };
}

const itemOf = (image: StreamImage): Item =>
  Object.fromEntries(
    Object.entries(image).map(([name, { S, N, B }]): [string, AttributeValue] => [
      name,
      S !== undefined ? { S } : N !== undefined ? { N } : { B: Buffer.from(B ?? '', 'base64') },
    ]),
  );
