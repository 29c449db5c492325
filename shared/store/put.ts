import { type ConditionalCheckFailedException, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { backOff, explained, failureOf, tries } from './failure.ts';
import { type Attempt, type Draft, type Item, itemOf, type Lineage, wasWrittenBy, writeIdLength } from './item.ts';
import type { Table, TablePorts } from './table.ts';
import type { Versions } from './version.ts';

/** What must be stored for the put to happen: nothing, or this version of this object (`live`: and it is no tombstone). */
export type Expected = 'nothing' | { readonly uid: string; readonly version: number; readonly live: boolean };

export interface Put {
  readonly draft: Draft;
  readonly lineage: Lineage;
  readonly expected: Expected;
}

export type PutResult =
  /** It is stored, with this version. */
  | { readonly done: true; readonly version: number; readonly item: Item }
  /** Something else is stored, or nothing; this write is not, and will not be. */
  | { readonly done: false; readonly found: Item | undefined };

/**
 * Puts an item once, on a condition, whatever happens to the replies. Each try has a version of its own, since versions that
 * are committed long after they were given would escape the watches. A condition that fails may have been met by an earlier
 * try whose reply was lost: that try's id is then among the item's last writes.
 */
export async function putOnce(ports: TablePorts & { readonly reads: Table; readonly versions: Versions }, put: Put): Promise<PutResult> {
  const { client, table, random, reads, versions } = ports;
  const { draft, lineage, expected } = put;
  const unanswered: Attempt[] = [];
  const done = (attempt: Attempt): PutResult => ({ done: true, version: attempt.version, item: itemOf(draft, attempt, lineage) });
  let outcomeKnown = false;
  try {
    for (let turn = 0; ; turn++) {
      const attempt = { version: versions.begin(expected === 'nothing' ? 0 : expected.version), id: random.bytes(writeIdLength) };
      try {
        const Item = itemOf(draft, attempt, lineage);
        const onFailure = { ReturnValuesOnConditionCheckFailure: 'ALL_OLD' } as const;
        await client.send(new PutItemCommand({ TableName: table, Item, ...conditionOf(expected), ...onFailure }));
        versions.end(attempt.version);
        outcomeKnown = true;
        return done(attempt);
      } catch (error) {
        const failure = failureOf(error);
        if (failure === 'unanswered') unanswered.push(attempt);
        else versions.end(attempt.version);
        if (failure === 'condition') {
          // AWS shows the item with the failure; where it does not (dynalite), or there is none, read.
          const shown = (error as ConditionalCheckFailedException).Item;
          const found = shown ?? (await reads.get({ pk: draft.partition, sk: draft.name }));
          outcomeKnown = true;
          const earlier = found && unanswered.find((one) => wasWrittenBy(found, one));
          return earlier ? done(earlier) : { done: false, found };
        }
        if (failure === 'final' || turn + 1 === tries) throw explained(error, 'store an item');
        // Who lost a reply asks again at once: the fewer writes come between, the surer it finds its own.
        if (failure === 'throttled' || unanswered.length > 1) await backOff(turn, ports);
      }
    }
  } finally {
    for (const { version } of unanswered) {
      if (outcomeKnown) versions.end(version);
      else versions.doubt(version);
    }
  }
}

function conditionOf(expected: Expected) {
  if (expected === 'nothing') return { ConditionExpression: 'attribute_not_exists(pk)' };
  return {
    ConditionExpression: `rv = :rv AND #uid = :uid${expected.live ? ' AND attribute_not_exists(deletedAt)' : ''}`,
    ExpressionAttributeNames: { '#uid': 'uid' },
    ExpressionAttributeValues: { ':rv': { N: String(expected.version) }, ':uid': { S: expected.uid } },
  };
}
