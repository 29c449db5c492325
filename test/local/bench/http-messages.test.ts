import { describe, expect, it } from '@jest/globals';
import { createHttpReader } from '../../../infra/local/bench/http-messages.ts';

const message = (body: string) =>
  `POST / HTTP/1.1\r\nX-Amz-Target: DynamoDB.GetItem\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`;

describe('messages that pass a socket', () => {
  it('are the same however they are cut', () => {
    const bytes = Buffer.from(`${message('{"ä":1}')}${message('')}${message('{}')}`);
    for (let size = 1; size <= bytes.length; size += 7) {
      const read = createHttpReader();
      const found = Array.from({ length: Math.ceil(bytes.length / size) }, (_, i) => read(bytes.subarray(i * size, (i + 1) * size))).flat();
      expect(found.map(({ body }) => body)).toEqual(['{"ä":1}', '', '{}']);
      expect(found[0]).toMatchObject({ start: 'POST / HTTP/1.1', headers: { 'x-amz-target': 'DynamoDB.GetItem' } });
    }
  });

  it('must say how long they are', () => {
    expect(() => createHttpReader()(Buffer.from('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n'))).toThrow('without a length');
  });
});
