import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Account, openAccount } from '../../../infra/aws/account/account.ts';
import type { Template } from '../../../infra/aws/account/template.ts';
import { presignedToken } from '../../../infra/aws/account/token.ts';
import { bundle } from '../../../infra/aws/bundle/bundle.ts';
import { entries } from '../../../infra/aws/entries.ts';
import { createApp } from '../../../infra/aws/stack/app.ts';
import { must } from '../../../infra/local/demo/observe.ts';
import { serveHttps } from '../../../infra/local/https/serve-https.ts';
import { kubeconfigText } from '../../../infra/local/kubectl/kubeconfig.ts';
import { type Kubectl, kubectl } from '../../../infra/local/kubectl/kubectl.ts';
import { silentLog } from '../../../infra/local/log.ts';
import { type DistantWorld, startWorld } from '../../../infra/local/world-thread.ts';
import type { KubeObject } from '../../../shared/kinds/object.ts';
import { createAuthority } from '../../local/https/certificates.ts';

/** A plane that was deployed to the account of this machine, and what its admin has at hand. */
export interface DeployedPlane {
  readonly account: Account;
  readonly world: DistantWorld;
  readonly kubectl: Kubectl;
  /** Directory of the kubeconfig. */
  readonly data: string;
  /** kubectl; throws when its exit code is not 0. Returns what it prints. */
  must(...args: string[]): Promise<string>;
  apply(manifest: string): Promise<string>;
  list(resource: string): Promise<KubeObject[]>;
  secretText(name: string, key: string): Promise<string>;
  /** All lines that functions have logged. */
  log(): string;
  close(): Promise<void>;
}

export const admin = 'arn:aws:iam::000000000000:role/admin';
/** Who is behind these access keys, as STS says. */
const identities: Readonly<Record<string, string>> = {
  ADMIN: 'arn:aws:sts::000000000000:assumed-role/admin/somebody',
  OPERATOR: 'arn:aws:iam::000000000000:user/operator',
};

/** Bundles, synthesises and deploys, as `npm run deploy` does. `bootSeconds`: of the machines in the fake clouds. */
export async function deployPlane({ bootSeconds }: { readonly bootSeconds: number }): Promise<DeployedPlane> {
  const folder = mkdtempSync(join(tmpdir(), 'plastron-account-'));
  const bundles = join(folder, 'bundles');
  await Promise.all(entries().map((entry) => bundle(entry, bundles)));
  createApp({ outdir: join(folder, 'cdk.out'), bundles }).synth();
  const template = JSON.parse(readFileSync(join(folder, 'cdk.out', 'Plastron.template.json'), 'utf8')) as Template;
  const world = await startWorld(
    { bootSeconds, oneAddress: false, dataDir: join(folder, 'world'), ports: { aws: 0, gce: 0 } as never },
    silentLog,
  );
  const lines: string[] = [];
  const account = await openAccount({
    template,
    parameters: { Admins: admin },
    bundles,
    environment: {
      // The fakes are quicker than the clouds.
      PLASTRON_SETTINGS: JSON.stringify({ quickestBoot: bootSeconds, pace: { share: 5, atLeast: 1, atMost: 5 }, settling: 2 }),
      PLASTRON_ENDPOINT_GCE: world.endpointOf('gce')!,
      PLASTRON_ENDPOINT_AWS: world.endpointOf('aws')!,
    },
    identityOf: (accessKey) => identities[accessKey],
    log: (name, line) => lines.push(`${name} ${line}`),
  });
  await account.tick();

  const authority = await createAuthority('an API gateway');
  const server = await serveHttps({ ...(await authority.server()), host: '127.0.0.1', port: 0, log: silentLog, handler: account.api });
  const data = join(folder, 'data');
  mkdirSync(data);
  const kubeconfig = join(data, 'kubeconfig');
  const url = `${server.url}/v1`;
  writeFileSync(
    kubeconfig,
    kubeconfigText({ name: 'Plastron', server: url, certificateAuthority: authority.cert, token: presignedToken('ADMIN', new Date()) }),
  );
  const tool = kubectl({ kubeconfig });
  return {
    account,
    world,
    kubectl: tool,
    data,
    must: (...args) => must(tool, args),
    apply: (manifest) => must(tool, ['apply', '-f', '-'], manifest),
    list: async (resource) => (JSON.parse(await must(tool, ['get', resource, '-A', '-o', 'json'])) as { items: KubeObject[] }).items,
    secretText: async (name, key) =>
      Buffer.from(await must(tool, ['get', 'secret', name, '-o', `jsonpath={.data.${key}}`]), 'base64').toString(),
    log: () => lines.join('\n'),
    async close() {
      await server.close();
      await account.close();
      await world.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
