import { badRequest, tooLarge, unsupportedMediaType } from '../status.ts';
import { parseJson } from './json-text.ts';
import { contentType } from './negotiate.ts';
import { decodeProtobuf } from './protobuf.ts';
import { parseYaml } from './yaml-text.ts';

/** Bytes. Upstream's limit; what is stored is limited much lower, by the store. */
export const largestBody = 3 * 1024 * 1024;

const json = 'application/json';
const yaml = 'application/yaml';
const protobuf = 'application/vnd.kubernetes.protobuf';

export interface Body {
  readonly value: unknown;
  /** Paths of keys that are there twice. */
  readonly duplicates: readonly string[];
}

/** The body of a write, decoded. Undefined: there is none. Throws 400, 413, 415. */
export async function readBody(request: Request): Promise<Body | undefined> {
  const bytes = await readBytes(request);
  if (bytes.length === 0) return undefined;
  switch (contentType(request.headers)) {
    case json:
      return parseJson(textOf(bytes));
    case yaml:
      return parseYaml(textOf(bytes));
    case protobuf:
      return { value: decodeProtobuf(bytes), duplicates: [] };
    default:
      throw unsupportedMediaType([json, yaml, protobuf]);
  }
}

/** The body of a server-side apply: YAML, which most clients write as JSON. Throws 400, 413. */
export async function readApplied(request: Request): Promise<Body> {
  const text = textOf(await readBytes(request));
  return text.trimStart().startsWith('{') ? parseJson(text) : parseYaml(text);
}

/** All bytes of the body. Stops reading as soon as there are too many, whatever Content-Length says. */
export async function readBytes(request: Request): Promise<Uint8Array> {
  if (request.body === null) return new Uint8Array();
  const announced = Number(request.headers.get('content-length') ?? 0);
  if (announced > largestBody) throw tooLargeBody();
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of request.body) {
    length += chunk.length;
    if (length > largestBody) throw tooLargeBody();
    chunks.push(chunk);
  }
  return Buffer.concat(chunks, length);
}

const tooLargeBody = () => tooLarge(`limit is ${largestBody}`);

export function textOf(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw badRequest('the body is not valid UTF-8');
  }
}
