import type { KeyObject } from 'node:crypto';
import type { Clock, Random } from '../../ports.ts';
import { createCertificateAuthority } from '../x509/authority.ts';
import type { Subject } from '../x509/certificate.ts';
import { generatePrivateKey, type KeyType } from '../x509/keys.ts';
import { encodeYaml } from './encode.ts';
import { toBase64, writeTalosKey } from './pem.ts';

/**
 * All that a cluster keeps secret, under the names of Talos' own `secrets.yaml`, so that either side reads the other's.
 * Certificates and keys are the base64 of PEM texts, as machine configs carry them.
 */
export interface TalosSecrets {
  readonly cluster: { readonly id: string; readonly secret: string };
  readonly secrets: {
    readonly bootstraptoken: string;
    /** Exactly one of the two; bundles from before Talos 1.3 have the second. */
    readonly secretboxencryptionsecret?: string | undefined;
    readonly aescbcencryptionsecret?: string | undefined;
  };
  readonly trustdinfo: { readonly token: string };
  readonly certs: {
    readonly etcd: Pair;
    readonly k8s: Pair;
    readonly k8saggregator: Pair;
    readonly k8sserviceaccount: { readonly key: string };
    readonly os: Pair;
  };
}

export interface Pair {
  readonly crt: string;
  readonly key: string;
}

/** Kubernetes signs its service accounts' tokens with it. RSA is what every verifier knows; EC is made at once and saves 3 KB of user data. */
export type ServiceAccountKey = 'rsa4096' | 'rsa2048' | 'ec';
const serviceAccountKeyTypes: Readonly<Record<ServiceAccountKey, KeyType>> = { rsa4096: 'rsa4096', rsa2048: 'rsa2048', ec: 'p256' };

/** Makes a cluster's secrets, as the text of a `secrets.yaml`. With RSA this takes up to two seconds. */
export async function createSecretsText(ports: { clock: Clock; random: Random }, serviceAccountKey: ServiceAccountKey): Promise<string> {
  const { clock, random } = ports;
  const now = clock.now();
  const authority = async (keyType: KeyType, subject: Subject): Promise<Pair> => {
    const { certificate, key } = await createCertificateAuthority({ subject, keyType, now }, random);
    return { crt: toBase64(certificate), key: encodedKey(key) };
  };
  const secrets: TalosSecrets = {
    cluster: { id: base64url(random.bytes(32)), secret: base64(random.bytes(32)) },
    secrets: { bootstraptoken: token(random), secretboxencryptionsecret: base64(random.bytes(32)) },
    trustdinfo: { token: token(random) },
    certs: {
      etcd: await authority('p256', { organizations: ['etcd'] }),
      k8s: await authority('p256', { organizations: ['kubernetes'] }),
      // Upstream's has an empty subject too.
      k8saggregator: await authority('p256', {}),
      k8sserviceaccount: { key: encodedKey(await generatePrivateKey(serviceAccountKeyTypes[serviceAccountKey])) },
      os: await authority('ed25519', { organizations: ['talos'] }),
    },
  };
  return encodeYaml(secrets);
}

const encodedKey = (key: KeyObject): string => toBase64(writeTalosKey(key));
const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64');
/** With padding, which Node leaves out and Talos does not. */
const base64url = (bytes: Uint8Array): string => base64(bytes).replaceAll('+', '-').replaceAll('/', '_');

const tokenAlphabet = '0123456789abcdefghijklmnopqrstuvwxyz';

/** A token of kubeadm's form, `<6>.<16>`. Bytes from 252 on are thrown away, since 252 = 7 * 36 and the rest would favour 0 to 3. */
function token(random: Random): string {
  let characters = '';
  while (characters.length < 22) {
    for (const byte of random.bytes(32)) if (byte < 252) characters += tokenAlphabet[byte % 36];
  }
  return `${characters.slice(0, 6)}.${characters.slice(6, 22)}`;
}
