import { parse, YAMLParseError } from 'yaml';
import * as z from 'zod';
import { Invalid } from '../errors.ts';

/** Base64 of a PEM text, as talosconfig and kubeconfig carry certificates and keys. */
export const pem = z
  .string()
  .transform((text) => Buffer.from(text, 'base64').toString('utf8'))
  .refine((text) => text.startsWith('-----BEGIN '), 'write the base64 of a PEM text');

/** Reads a talosconfig or kubeconfig. Throws Invalid that says where, and nothing of what stands there: it holds keys. */
export function parseClientFile<S extends z.ZodType>(file: string, schema: S, text: string): z.output<S> {
  let document: unknown;
  try {
    document = parse(text, { prettyErrors: false });
  } catch (error) {
    const at = error instanceof YAMLParseError ? ` at character ${error.pos[0]} (${error.code})` : '';
    throw new Invalid(`${file}: not YAML${at}`);
  }
  const read = schema.safeParse(document);
  if (read.success) return read.data;
  const problems = read.error.issues.map((issue) => `${issue.path.join('.') || 'the document'}: ${issue.message}`);
  throw new Invalid(`${file}: ${problems.join('; ')}`);
}
