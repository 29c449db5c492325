/** One message of HTTP/1.1: its first line, its headers in lower case, its body. */
export interface HttpMessage {
  readonly start: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

const endOfHead = Buffer.from('\r\n\r\n');

/** Puts the messages together that pass a socket in one direction. Bodies have a length, as those of DynamoDB's protocol do. */
export function createHttpReader(): (chunk: Buffer) => HttpMessage[] {
  let left: Buffer = Buffer.alloc(0);

  function next(): HttpMessage | undefined {
    const end = left.indexOf(endOfHead);
    if (end < 0) return undefined;
    const [start = '', ...lines] = left.toString('latin1', 0, end).split('\r\n');
    const headers = Object.fromEntries(lines.map(headerOf));
    const length = Number(headers['content-length'] ?? 0);
    if (headers['transfer-encoding'] !== undefined || Number.isNaN(length)) throw new Error(`a message without a length: ${start}`);
    const from = end + endOfHead.length;
    if (left.length < from + length) return undefined;
    const body = left.toString('utf8', from, from + length);
    left = left.subarray(from + length);
    return { start, headers, body };
  }

  return (chunk) => {
    left = left.length === 0 ? chunk : Buffer.concat([left, chunk]);
    const messages: HttpMessage[] = [];
    for (let message = next(); message !== undefined; message = next()) messages.push(message);
    return messages;
  };
}

function headerOf(line: string): [string, string] {
  const colon = line.indexOf(':');
  return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()];
}
