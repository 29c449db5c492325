import * as z from 'zod';
import { Invalid } from '../../errors.ts';
import { parseClientFile, pem } from '../client-file.ts';

/** What opens the Talos API: PEM texts. */
export interface TalosCredentials {
  readonly ca: string;
  readonly cert: string;
  readonly key: string;
}

const talosconfig = z.object({
  context: z.string(),
  contexts: z.record(z.string(), z.object({ ca: pem, crt: pem, key: pem })),
});

/** Reads the current context. Throws Invalid, without a word of the content. */
export function parseTalosconfig(text: string): TalosCredentials {
  const { context, contexts } = parseClientFile('talosconfig', talosconfig, text);
  const found = contexts[context];
  if (found === undefined) throw new Invalid('talosconfig: the current context is not among its contexts');
  // OpenSSL reads PKCS#8 under its own label only; Talos writes the same bytes under this one.
  return { ca: found.ca, cert: found.crt, key: found.key.replaceAll('ED25519 PRIVATE KEY', 'PRIVATE KEY') };
}
