import type { Random } from '../../ports.ts';
import type { BootstrapCluster, ClientConfig } from '../bootstrap.ts';
import { type Certified, issueCertificate, readCertified } from '../x509/authority.ts';
import { encodeYaml } from './encode.ts';
import { fromBase64, toBase64, toOpenSslKey, writeTalosKey } from './pem.ts';
import type { Pair, TalosSecrets } from './secrets.ts';

const year = 365 * 24 * 3_600_000;

/** Both files of an administrator, with certificates that are valid for a year from `now` (ms since 1970). */
export async function createClientConfig(
  secrets: TalosSecrets,
  cluster: BootstrapCluster,
  now: number,
  random: Random,
): Promise<ClientConfig> {
  // Certificates count in whole seconds.
  const expiresAt = Math.floor((now + year) / 1000) * 1000;
  return {
    talosconfig: await createTalosconfig(secrets, cluster, { notBefore: now, notAfter: expiresAt }, random),
    kubeconfig: await createKubeconfig(secrets, cluster, { notBefore: now - 10_000, notAfter: expiresAt }, random),
    expiresAt,
  };
}

interface Validity {
  readonly notBefore: number;
  readonly notAfter: number;
}

/** The role is the organization; apid refuses a client certificate that is good for servers as well. */
async function createTalosconfig(secrets: TalosSecrets, cluster: BootstrapCluster, validity: Validity, random: Random): Promise<string> {
  const client = await issueCertificate(
    authorityOf(secrets.certs.os),
    { subject: { organizations: ['os:admin'] }, extendedKeyUsage: ['clientAuth'], ...validity },
    random,
  );
  const context = { endpoints: cluster.masterAddresses, ca: secrets.certs.os.crt, ...encoded(client) };
  return encodeYaml({ context: cluster.name, contexts: { [cluster.name]: context } });
}

async function createKubeconfig(secrets: TalosSecrets, cluster: BootstrapCluster, validity: Validity, random: Random): Promise<string> {
  const client = await issueCertificate(
    authorityOf(secrets.certs.k8s),
    {
      subject: { organizations: ['system:masters'], commonName: 'admin' },
      keyUsage: ['digitalSignature', 'keyEncipherment'],
      extendedKeyUsage: ['clientAuth'],
      ...validity,
    },
    random,
  );
  const { crt, key } = encoded(client);
  const { name } = cluster;
  const user = `admin@${name}`;
  const context = { cluster: name, namespace: 'default', user };
  return encodeYaml({
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name, cluster: { server: cluster.endpoint, 'certificate-authority-data': secrets.certs.k8s.crt } }],
    users: [{ name: user, user: { 'client-certificate-data': crt, 'client-key-data': key } }],
    // Talos names it the first way, users of Cluster API expect the second.
    contexts: [
      { name: user, context },
      { name: `${name}-admin`, context },
    ],
    'current-context': user,
  });
}

function authorityOf({ crt, key }: Pair): Certified {
  return readCertified(fromBase64(crt) ?? '', toOpenSslKey(fromBase64(key) ?? ''));
}

const encoded = ({ certificate, key }: Certified): Pair => ({ crt: toBase64(certificate), key: toBase64(writeTalosKey(key)) });
