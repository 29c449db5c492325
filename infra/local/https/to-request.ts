import type { Http2ServerRequest } from 'node:http2';

/** A node request as a web Request. Undefined: there is no URL or method that could be meant. */
export function toRequest(incoming: Http2ServerRequest, base: string, signal: AbortSignal): Request | undefined {
  const { method, url } = incoming;
  if (!url.startsWith('/')) return undefined;
  const hasBody = method !== 'GET' && method !== 'HEAD';
  try {
    return new Request(base + url, {
      method,
      headers: headersOf(incoming),
      signal,
      ...(hasBody && { body: bodyOf(incoming), duplex: 'half' }),
    });
  } catch {
    return undefined;
  }
}

function headersOf({ headers }: Http2ServerRequest): Headers {
  const out = new Headers();
  for (const [name, value] of Object.entries(headers)) {
    // HTTP/2's pseudo headers.
    if (name.startsWith(':') || value === undefined) continue;
    for (const one of [value].flat()) out.append(name, one);
  }
  return out;
}

/**
 * The body as it comes. A reader that has had enough (413) leaves the connection standing, so that its answer gets
 * through: the rest is read and dropped.
 */
function bodyOf(incoming: Http2ServerRequest): ReadableStream<Uint8Array> {
  return new ReadableStream<Uint8Array>({
    start(controller) {
      let open = true;
      const once = (end: () => void) => () => {
        if (open) end();
        open = false;
      };
      incoming.on('data', (chunk: Uint8Array) => {
        if (!open) return;
        controller.enqueue(chunk);
        if ((controller.desiredSize ?? 0) <= 0) incoming.pause();
      });
      const cut = once(() => controller.error(new Error('the client left in the middle of its request')));
      incoming.on(
        'end',
        once(() => controller.close()),
      );
      incoming.on('error', cut);
      incoming.on('close', cut);
      incoming.pause();
    },
    pull: () => void incoming.resume(),
    cancel() {
      incoming.removeAllListeners('data');
      incoming.resume();
    },
  });
}
