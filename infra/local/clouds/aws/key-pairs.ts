import { createHash, generateKeyPairSync } from 'node:crypto';
import { type Account, fingerprint, newId } from './account.ts';
import { filtersOf, tagsFor } from './filters.ts';
import type { Action, ActionRequest } from './protocol.ts';
import { Ec2Error } from './wire.ts';

export const describeKeyPairs: Action = (account, { params, region }) => {
  const names = params.list('KeyName');
  const known = account.keyPairs.all().filter((pair) => (pair.region ?? region) === region);
  const missing = names.find((name) => !known.some((pair) => pair.name === name));
  if (missing !== undefined) throw new Ec2Error(400, 'InvalidKeyPair.NotFound', `The key pair '${missing}' does not exist`);
  const passes = filtersOf(params);
  const found = known
    .filter((pair) => names.length === 0 || names.includes(pair.name))
    .filter((pair) => passes({}, { 'key-name': pair.name, 'key-pair-id': pair.id }));
  return { keySet: found.map((pair) => ({ keyPairId: pair.id, keyName: pair.name, keyFingerprint: pair.fingerprint })) };
};

export const importKeyPair: Action = (account, request) => {
  const material = Buffer.from(request.params.required('PublicKeyMaterial'), 'base64');
  if (!/^(ssh-(rsa|ed25519) |-----BEGIN PUBLIC KEY)/.test(material.toString()))
    throw new Ec2Error(400, 'InvalidKey.Format', 'Key is not in valid OpenSSH public key format');
  return keep(account, request, material);
};

export const createKeyPair: Action = (account, request) => {
  const pair = generateKeyPairSync('ed25519');
  const kept = keep(account, request, pair.publicKey.export({ type: 'spki', format: 'der' }));
  return { ...kept, keyMaterial: pair.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString() };
};

function keep(account: Account, { params, region }: ActionRequest, material: Buffer) {
  const name = params.required('KeyName');
  if (account.keyPairs.all().some((pair) => pair.name === name && (pair.region ?? region) === region))
    throw new Ec2Error(400, 'InvalidKeyPair.Duplicate', `The keypair '${name}' already exists.`);
  tagsFor(params, 'key-pair');
  const id = newId(account, 'key');
  const print = fingerprint(createHash('md5').update(material).digest());
  account.keyPairs.put(id, { id, name, region, fingerprint: print });
  return { keyPairId: id, keyName: name, keyFingerprint: print };
}
