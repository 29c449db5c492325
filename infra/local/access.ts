import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { StaticToken } from '../../shared/api/authenticate/static.ts';
import { createCertificateAuthority, issueCertificate, privateKeyPem, readCertified } from '../../shared/bootstrap/x509/authority.ts';
import type { Clock, Random } from '../../shared/ports.ts';

/** How clients reach the API of this plane, and know that it is this one. */
export interface Access {
  /** PEM of the authority that clients trust. */
  readonly ca: string;
  /** What the server shows. */
  readonly serving: { readonly key: string; readonly cert: string };
  readonly admin: StaticToken;
}

/** The authority and the token are made once for a data directory, so that a kubeconfig stays good over restarts. */
export async function openAccess(data: string, clock: Clock, random: Random): Promise<Access> {
  const dir = join(data, 'access');
  mkdirSync(dir, { recursive: true, mode: 0o700 });
  const now = clock.now();
  const made = await once(join(dir, 'authority.json'), async () => {
    const { certificate, key } = await createCertificateAuthority(
      { subject: { organizations: ['plastron'] }, keyType: 'p256', now },
      random,
    );
    return { certificate, key: privateKeyPem(key), token: Buffer.from(random.bytes(32)).toString('base64url') };
  });
  const authority = readCertified(made.certificate, made.key);
  const serving = await issueCertificate(
    authority,
    {
      subject: { commonName: 'plastron' },
      extendedKeyUsage: ['serverAuth'],
      names: ['127.0.0.1', 'localhost'],
      notBefore: now - 60_000,
      notAfter: now + 365 * 86_400_000,
    },
    random,
  );
  return {
    ca: made.certificate,
    serving: { key: privateKeyPem(serving.key), cert: serving.certificate },
    admin: { token: made.token, user: 'admin', groups: ['system:masters'] },
  };
}

async function once(
  path: string,
  make: () => Promise<Record<'certificate' | 'key' | 'token', string>>,
): Promise<Record<'certificate' | 'key' | 'token', string>> {
  if (!existsSync(path)) writeFileSync(path, JSON.stringify(await make()), { mode: 0o600 });
  return JSON.parse(readFileSync(path, 'utf8'));
}
