import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import type { CallContext } from './access.ts';
import { fault, json, type Operation, type ServiceCall } from './services.ts';

const contextOf = ({ body }: ServiceCall): Readonly<Record<string, string>> =>
  (body.EncryptionContext as Record<string, string> | undefined) ?? {};

const asConditions = (call: ServiceCall): CallContext =>
  Object.fromEntries(Object.entries(contextOf(call)).map(([key, value]) => [`kms:EncryptionContext:${key}`, value]));

/** One customer key. `asked` counts the calls. */
export function kms(keyArn: string): { readonly operations: Readonly<Record<string, Operation>>; readonly asked: { calls: number } } {
  const secret = randomBytes(32);
  const asked = { calls: 0 };
  const operation = (name: string, answer: (call: ServiceCall) => ReturnType<Operation['answer']>): Operation => ({
    action: `kms:${name}`,
    resource: () => keyArn,
    context: asConditions,
    answer: (call) => {
      asked.calls++;
      return answer(call);
    },
  });
  return {
    asked,
    operations: {
      GenerateDataKey: operation('GenerateDataKey', async (call) => {
        const plain = randomBytes(32);
        const nonce = randomBytes(12);
        const cipher = createCipheriv('aes-256-gcm', secret, nonce).setAAD(Buffer.from(JSON.stringify(contextOf(call))));
        const blob = Buffer.concat([nonce, cipher.update(plain), cipher.final(), cipher.getAuthTag()]);
        return json({ KeyId: keyArn, Plaintext: plain.toString('base64'), CiphertextBlob: blob.toString('base64') });
      }),
      Decrypt: operation('Decrypt', async (call) => {
        const blob = Buffer.from(String(call.body.CiphertextBlob), 'base64');
        const decipher = createDecipheriv('aes-256-gcm', secret, blob.subarray(0, 12))
          .setAAD(Buffer.from(JSON.stringify(contextOf(call))))
          .setAuthTag(blob.subarray(-16));
        try {
          const plain = Buffer.concat([decipher.update(blob.subarray(12, -16)), decipher.final()]);
          return json({ KeyId: keyArn, Plaintext: plain.toString('base64') });
        } catch {
          return fault('InvalidCiphertextException', 'not encrypted under this key and context');
        }
      }),
    },
  };
}
