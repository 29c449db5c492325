import { randomBytes } from 'node:crypto';
import type { StreamImage, StreamRecord } from '../../../shared/store/record.ts';
import type { Operation, ServiceAnswer, ServiceCall } from './services.ts';

interface TableOptions {
  /** Of the embedded DynamoDB. */
  readonly endpoint: string;
  readonly tableArn: string;
  /** Each write, as the table's stream shows it. */
  append(record: StreamRecord): void;
}

const writes = new Set(['PutItem', 'UpdateItem', 'DeleteItem']);

/** The table: what the embedded DynamoDB answers, with a stream, which it has not. */
export function tableOperations({ endpoint, tableArn, append }: TableOptions): (name: string) => Operation {
  let sequence = 0;

  async function forward(headers: ServiceCall['headers'], operation: string, text: string): Promise<ServiceAnswer> {
    const response = await fetch(endpoint, {
      method: 'POST',
      headers: {
        'content-type': 'application/x-amz-json-1.0',
        'x-amz-target': `DynamoDB_20120810.${operation}`,
        authorization: String(headers.authorization),
        'x-amz-date': String(headers['x-amz-date']),
      },
      body: text,
    });
    return { status: response.status, body: await response.text() };
  }

  async function imageOf(call: ServiceCall): Promise<StreamImage | undefined> {
    const { TableName, Key, Item } = call.body as { TableName: string; Key?: StreamImage; Item?: StreamImage };
    const key = Key ?? { pk: Item!.pk!, sk: Item!.sk! };
    const { body } = await forward(call.headers, 'GetItem', JSON.stringify({ TableName, Key: key, ConsistentRead: true }));
    return (JSON.parse(body) as { Item?: StreamImage }).Item;
  }

  async function write(call: ServiceCall, name: string): Promise<ServiceAnswer> {
    const OldImage = await imageOf(call);
    const answer = await forward(call.headers, name, call.text);
    if (answer.status !== 200) return answer;
    const NewImage = name === 'PutItem' ? (call.body.Item as StreamImage) : name === 'UpdateItem' ? await imageOf(call) : undefined;
    const known = NewImage ?? OldImage;
    if (known === undefined || JSON.stringify(NewImage) === JSON.stringify(OldImage)) return answer;
    append({
      eventID: randomBytes(16).toString('hex'),
      eventName: NewImage === undefined ? 'REMOVE' : OldImage === undefined ? 'INSERT' : 'MODIFY',
      dynamodb: {
        Keys: { pk: known.pk!, sk: known.sk! },
        ...(NewImage && { NewImage }),
        ...(OldImage && { OldImage }),
        SequenceNumber: String(++sequence).padStart(21, '0'),
        StreamViewType: 'NEW_AND_OLD_IMAGES',
      },
    });
    return answer;
  }

  return (name) => ({
    action: `dynamodb:${name}`,
    resource: ({ body }) => (typeof body.IndexName === 'string' ? `${tableArn}/index/${body.IndexName}` : tableArn),
    answer: (call) => (writes.has(name) ? write(call, name) : forward(call.headers, name, call.text)),
  });
}
