import { X509Certificate } from 'node:crypto';
import { parseDocument } from 'yaml';
import * as z from 'zod';
import type { Cause } from '../../errors.ts';
import { refuse } from './documents.ts';
import { fromBase64, readTalosKey } from './pem.ts';
import type { Pair, TalosSecrets } from './secrets.ts';

/** Every message is one of these: zod's own would quote what it found, and that may be a key. */
const required = (what: string) => z.string({ error: `must be ${what}` }).min(1, `must be ${what}`);
const section = <Shape extends z.ZodRawShape>(shape: Shape) => z.object(shape, { error: 'must be a mapping' });
const tokenText = required('a token').regex(/^[0-9a-z]{6}\.[0-9a-z]{16}$/, 'must be six and sixteen of 0-9 and a-z, with a dot between');
const pemText = required('the base64 of a PEM text');
const pair = section({ crt: pemText, key: pemText });

const secretsSchema = section({
  cluster: section({ id: required('the id of the cluster'), secret: required('the secret of the cluster') }),
  secrets: section({
    bootstraptoken: tokenText,
    secretboxencryptionsecret: z.string({ error: 'must be a text' }).optional(),
    aescbcencryptionsecret: z.string({ error: 'must be a text' }).optional(),
  }),
  trustdinfo: section({ token: tokenText }),
  certs: section({ etcd: pair, k8s: pair, k8saggregator: pair, k8sserviceaccount: section({ key: pemText }), os: pair }),
});

/** Reads a `secrets.yaml`, ours or upstream's. Throws Invalid naming each field that is wrong, and no value. */
export function readSecrets(text: string): TalosSecrets {
  // By the failsafe schema everything stays text: a token of digits must keep its zeros.
  const document = parseDocument(text, { schema: 'failsafe', prettyErrors: false });
  if (document.errors.length > 0) refuse('secrets bundle', [{ field: '', message: 'is not YAML' }]);
  const parsed = secretsSchema.safeParse(document.toJS());
  if (!parsed.success) {
    refuse(
      'secrets bundle',
      parsed.error.issues.map(({ path, message }) => ({ field: path.join('.'), message })),
    );
    throw parsed.error;
  }
  refuse('secrets bundle', faultsOf(parsed.data));
  return parsed.data;
}

function faultsOf(secrets: TalosSecrets): readonly Cause[] {
  const causes: Cause[] = [];
  const { secretboxencryptionsecret, aescbcencryptionsecret } = secrets.secrets;
  if (!secretboxencryptionsecret === !aescbcencryptionsecret) {
    causes.push({ field: 'secrets', message: 'needs exactly one of secretboxencryptionsecret and aescbcencryptionsecret' });
  }
  const { etcd, k8s, k8saggregator, k8sserviceaccount, os } = secrets.certs;
  for (const [name, authority] of Object.entries({ etcd, k8s, k8saggregator, os })) {
    const message = pairFault(authority);
    if (message !== undefined) causes.push({ field: `certs.${name}`, message });
  }
  if (!succeeds(() => readTalosKey(fromBase64(k8sserviceaccount.key) ?? ''))) {
    causes.push({ field: 'certs.k8sserviceaccount.key', message: 'is no private key that can be read' });
  }
  return causes;
}

function pairFault({ crt, key }: Pair): string | undefined {
  const [certificatePem, keyPem] = [fromBase64(crt) ?? '', fromBase64(key) ?? ''];
  if (!succeeds(() => new X509Certificate(certificatePem))) return 'crt is no certificate that can be read';
  if (!succeeds(() => readTalosKey(keyPem))) return 'key is no private key that can be read';
  return new X509Certificate(certificatePem).checkPrivateKey(readTalosKey(keyPem)) ? undefined : 'key does not belong to crt';
}

function succeeds(read: () => unknown): boolean {
  try {
    read();
    return true;
  } catch {
    return false;
  }
}
