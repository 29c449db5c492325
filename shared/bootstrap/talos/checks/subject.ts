import { X509Certificate } from 'node:crypto';
import type { Cause } from '../../../errors.ts';
import type { Contract } from '../contract.ts';
import type { ConfigDocument } from '../documents.ts';
import { fromBase64, readTalosKey } from '../pem.ts';
import { mapAt, textAt, type ValueMap } from '../value.ts';
import type { Complaint } from './formats.ts';

/** The config that checks look at, and where they report to. */
export interface Subject {
  readonly contract: Contract;
  readonly documents: readonly ConfigDocument[];
  readonly machine: ValueMap;
  readonly cluster: ValueMap;
  readonly controlPlane: boolean;
  report(field: string, complaint: Complaint, reason?: Cause['reason']): void;
}

/** Checks `{crt, key}`: base64 of PEM that can be read, and a key that belongs to the certificate. Absent parts are no fault here. */
export function checkPair(subject: Subject, parent: ValueMap, name: string, path: string): void {
  const pair = mapAt(parent, name);
  const [crt, key] = [textAt(pair, 'crt'), textAt(pair, 'key')];
  const certificate = crt === undefined ? undefined : readCertificate(crt);
  if (crt !== undefined && !certificate) subject.report(`${path}.crt`, notPem('certificate'));
  const privateKey = key === undefined ? undefined : readKey(key);
  if (key !== undefined && !privateKey) subject.report(`${path}.key`, notPem('private key'));
  if (certificate && privateKey && !certificate.checkPrivateKey(privateKey)) {
    subject.report(`${path}.key`, 'does not belong to the certificate beside it');
  }
}

export function checkKey(subject: Subject, key: string | undefined, path: string): void {
  if (key !== undefined && !readKey(key)) subject.report(path, notPem('private key'));
}

const notPem = (what: string): string => `must be the base64 of a ${what} in PEM that can be read`;

export function readCertificate(base64: string): X509Certificate | undefined {
  try {
    return new X509Certificate(fromBase64(base64) ?? '');
  } catch {
    return undefined;
  }
}

function readKey(base64: string): ReturnType<typeof readTalosKey> | undefined {
  try {
    return readTalosKey(fromBase64(base64) ?? '');
  } catch {
    return undefined;
  }
}
