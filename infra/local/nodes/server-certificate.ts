import type { ConfigAuthority } from '../../../shared/bootstrap/talos/machine-config.ts';
import { toOpenSslKey } from '../../../shared/bootstrap/talos/pem.ts';
import { issueCertificate, privateKeyPem, readCertified } from '../../../shared/bootstrap/x509/authority.ts';
import { hostnameOf } from './kubelet.ts';
import type { RunningMachine, World } from './world.ts';

const day = 24 * 3_600_000;

/**
 * What a machine shows to its clients: made by itself with the authority's key from its config, for every name it may be
 * called by. Real ones last a day and are renewed; these last as long as any machine, since nothing here may tick.
 */
export async function serverCertificate(
  { clock, random }: World,
  { powered, boot: { config } }: RunningMachine,
  authority: ConfigAuthority,
  names: readonly string[],
): Promise<{ readonly cert: string; readonly key: string }> {
  const hostname = hostnameOf({ machine: powered, config });
  const issuer = readCertified(authority.certificate, toOpenSslKey(authority.key ?? ''));
  const now = clock.now();
  const issued = await issueCertificate(
    issuer,
    {
      subject: { commonName: hostname },
      notBefore: now - day,
      notAfter: now + 3_650 * day,
      extendedKeyUsage: ['serverAuth'],
      names: [...new Set([...names, powered.privateAddress, hostname, '127.0.0.1', 'localhost'])],
    },
    random,
  );
  return { cert: issued.certificate, key: privateKeyPem(issued.key) };
}
