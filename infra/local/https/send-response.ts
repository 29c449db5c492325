import { once } from 'node:events';
import type { Http2ServerResponse } from 'node:http2';

/** Sends a web Response: the headers at once, then the body as it comes and as fast as the client takes it. */
export async function sendResponse(response: Response, outgoing: Http2ServerResponse, gone: AbortSignal): Promise<void> {
  const headers: Record<string, string | string[]> = {};
  for (const [name, value] of response.headers) headers[name] = headers[name] === undefined ? value : [headers[name], value].flat();
  outgoing.writeHead(response.status, headers);
  if (response.body === null) {
    outgoing.end();
    return;
  }
  const reader = response.body.getReader();
  const cancel = () => void reader.cancel().catch(() => {});
  gone.addEventListener('abort', cancel, { once: true });
  if (gone.aborted) cancel();
  for (let chunk = await reader.read(); !chunk.done; chunk = await reader.read()) {
    if (!outgoing.write(chunk.value)) await once(outgoing, 'drain', { signal: gone }).catch(() => {});
  }
  outgoing.end();
}
