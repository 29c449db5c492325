import { readFileSync } from 'node:fs';
import { createNodes } from '../../../shared/nodes/create-nodes.ts';
import { systemClock } from '../../system.ts';
import { demoCredentials } from '../clouds/aws/signature.ts';
import type { Endpoints } from '../files.ts';
import { type Kubectl, kubectl } from '../kubectl/kubectl.ts';
import { reachableKubeconfig, reachBy } from '../port-map.ts';
import { base64, serviceAccountFile } from './credentials.ts';
import { type Clouds, deployment, lookIntoClouds, must, nodesOf } from './observe.ts';

/** One step of the story: does something as a user would, and throws when what should follow does not. */
export interface Step {
  readonly title: string;
  tell(stage: Stage): Promise<{ readonly says: string; readonly details?: string }>;
}

export interface Stage {
  readonly endpoints: Endpoints;
  readonly plane: Kubectl;
  /** Where files that the story fetches are kept. */
  write(name: string, text: string): string;
  /** Asks again until the share is 1; shows how far it is. Throws after `seconds`. */
  until(seconds: number, look: () => Promise<{ readonly share: number; readonly says: string }>): Promise<void>;
}

const example = (name: string): string => readFileSync(new URL(`../../../examples/${name}`, import.meta.url), 'utf8');
const systemNamespace = 'cluster-api-provider-talos-system';
const image = (version: string): string => `images/talos-${version}`;

const addressOf = ({ endpoints }: Stage): string => endpoints.reservedAddresses.gce[0] ?? '';
const gceCluster = (stage: Stage): string => example('cluster-gce.yaml').replaceAll('x.x.x.x', addressOf(stage));

/** The kubeconfig of the cluster that the story makes, out of its Secret. */
async function workload({ plane, write, endpoints }: Stage): Promise<string> {
  const data = await must(plane, ['get', 'secret', 'talos-gce-kubeconfig', '-o', 'jsonpath={.data.value}']);
  return write('talos-gce.kubeconfig', reachableKubeconfig(Buffer.from(data, 'base64').toString(), endpoints.portMap));
}

async function untilNodes(stage: Stage, wanted: number, seconds: number): Promise<string> {
  const kubeconfig = await workload(stage);
  await stage.until(seconds, async () => {
    const nodes = await nodesOf(kubeconfig);
    const ready = nodes.filter((node) => node.ready && node.providerID !== '').length;
    return { share: nodes.length > wanted ? 0.9 : ready / wanted, says: `${ready} of ${wanted} nodes are ready` };
  });
  return must(kubectl({ kubeconfig }), ['get', 'nodes']);
}

export const story: readonly Step[] = [
  {
    title: 'credentials of two clouds',
    async tell({ plane, endpoints }) {
      const manifest = example('credentials.yaml')
        .replace('{{BASE64_ENCODED_AWS_CREDS}}', base64(demoCredentials))
        .replace('{{BASE64_ENCODED_GCE_CREDS}}', base64(serviceAccountFile('talos-testbed', `${endpoints.clouds.gce}/token`)));
      await must(plane, ['apply', '-f', '-'], manifest);
      const names = await must(plane, ['get', 'secrets', '-n', systemNamespace, '-o', 'name']);
      if (!names.includes('aws-credentials') || !names.includes('gce-credentials')) throw new Error(`the Secrets are not there: ${names}`);
      return { says: 'Secrets aws-credentials and gce-credentials' };
    },
  },
  {
    title: 'an address, reserved beforehand',
    async tell(stage) {
      const address = (await lookIntoClouds(stage.endpoints)).gce.addresses.find((a) => a.address === addressOf(stage));
      if (address?.status !== 'RESERVED') throw new Error(`${addressOf(stage)} is not reserved and free in the cloud`);
      return { says: `${address.address} in ${address.region}` };
    },
  },
  {
    title: 'kubectl apply: a cluster on GCE',
    async tell(stage) {
      await must(stage.plane, ['apply', '-f', '-'], gceCluster(stage));
      return { says: '1 Cluster, 1 Machine, 1 MachineDeployment of 3' };
    },
  },
  {
    title: 'the talosconfig, out of its ConfigMap',
    async tell(stage) {
      let talosconfig = '';
      await stage.until(20, async () => {
        const { stdout } = await stage.plane.run([
          'get',
          'cm',
          '-n',
          systemNamespace,
          'talos-gce-master-0',
          '-o',
          'jsonpath={.data.talosconfig}',
        ]);
        talosconfig = stdout;
        return { share: stdout === '' ? 0 : 1, says: 'waits for ConfigMap talos-gce-master-0' };
      });
      const talos = createNodes({ clock: systemClock, reach: reachBy(stage.endpoints.portMap) }).talos(talosconfig, addressOf(stage));
      let tag = '';
      await stage.until(30, async () => {
        tag = await talos.version().then(
          (version) => version.tag,
          () => '',
        );
        return { share: tag === '' ? 0.5 : 1, says: 'waits for the Talos API of the master' };
      });
      talos.close();
      return { says: `opens the master's Talos API: ${tag}` };
    },
  },
  {
    title: 'kubectl get nodes: 4 of 4',
    tell: async (stage) => ({ details: await untilNodes(stage, 4, 40), says: 'one master, three workers' }),
  },
  {
    title: 'three workers more, on AWS: 7 of 7',
    async tell(stage) {
      await must(
        stage.plane,
        ['apply', '-f', '-'],
        example('workers-aws.yaml').replace('{{AWS_KEY_NAME}}', stage.endpoints.keyPairs.aws[0] ?? ''),
      );
      const details = await untilNodes(stage, 7, 40);
      const ids = (await nodesOf(await workload(stage))).map(({ providerID }) => providerID.split(':', 1)[0]);
      if (ids.filter((cloud) => cloud === 'aws').length !== 3 || ids.filter((cloud) => cloud === 'gce').length !== 4)
        throw new Error(`the nodes are not 4 on gce and 3 on aws: ${ids.join(', ')}`);
      return { details, says: 'one cluster across two clouds' };
    },
  },
  {
    title: 'kubectl scale to 5, and back to 3',
    async tell(stage) {
      await must(stage.plane, ['scale', 'machinedeployment', 'talos-gce-workers', '--replicas=5']);
      await untilNodes(stage, 9, 40);
      await must(stage.plane, ['scale', 'machinedeployment', 'talos-gce-workers', '--replicas=3']);
      await untilNodes(stage, 7, 40);
      return { says: '9 nodes, then 7' };
    },
  },
  { title: 'a new image rolls through the workers', tell: rollOut },
  { title: 'kubectl delete cluster', tell: tearDown },
];

/** Never fewer than three are available while all three are replaced: in the seed system this deadlocked. */
async function rollOut(stage: Stage): Promise<{ says: string }> {
  const changed = gceCluster(stage).replaceAll(image('e2e'), image('e2e-next'));
  // Only the workers: a master is replaced by a person, one at a time.
  await must(stage.plane, ['apply', '-f', '-', '-l', 'set=worker'], changed);
  let fewest = Number.POSITIVE_INFINITY;
  await stage.until(60, async () => {
    const { replicas, updated, available, observed } = await deployment(stage.plane, 'talos-gce-workers');
    fewest = Math.min(fewest, available);
    const done = observed && replicas === 3 && updated === 3 && available === 3;
    return { share: done ? 1 : Math.min(0.99, updated / 3), says: `${updated} of 3 are new, ${available} available` };
  });
  if (fewest < 3) throw new Error(`only ${fewest} workers were available at one time; maxUnavailable is 0`);
  const old = (await lookIntoClouds(stage.endpoints)).gce.instances.filter(
    ({ name, image: of }) => name.includes('workers') && !of.endsWith('talos-e2e-next'),
  );
  if (old.length > 0) throw new Error(`${old.map(({ name }) => name).join(', ')} still run the old image`);
  return { says: `never fewer than ${fewest} available` };
}

/** Nothing that we made is left in the clouds, and what the user brought is still there. */
async function tearDown(stage: Stage): Promise<{ says: string }> {
  const remains = ({ aws, gce }: Clouds): string[] => [
    ...[...aws.instances, ...gce.instances].map(({ name }) => `instance ${name}`),
    ...[...aws.disks, ...gce.disks].map((disk) => `disk ${'id' in disk ? disk.id : disk.name}`),
    ...[...aws.securityGroups, ...gce.firewalls].map(({ name }) => `rule ${name}`),
    ...aws.networkInterfaces.map(({ id }) => `interface ${id}`),
  ];
  const before = await lookIntoClouds(stage.endpoints);
  const made = remains(before).length;
  await must(stage.plane, ['delete', 'cluster', 'talos-gce', '--wait=false']);
  await stage.until(60, async () => {
    const left = remains(await lookIntoClouds(stage.endpoints)).length;
    const { stdout } = await stage.plane.run(['get', 'cluster', 'talos-gce', '--ignore-not-found', '-o', 'name']);
    return { share: stdout === '' ? 1 : 0.98 * (1 - left / made), says: `${left} things are left in the clouds` };
  });
  const after = await lookIntoClouds(stage.endpoints);
  if (remains(after).length > 0) throw new Error(`left in the clouds: ${remains(after).join(', ')}`);
  const objects = await must(stage.plane, ['get', 'machines,machinesets,machinedeployments,clusters', '-A', '-o', 'name']);
  if (objects !== '') throw new Error(`left in the plane: ${objects}`);
  const addresses = (of: Clouds) => [...of.aws.addresses, ...of.gce.addresses].map(({ address }) => address).sort();
  if (addresses(after).join() !== addresses(before).join())
    throw new Error(`addresses are now ${addresses(after).join(', ')}, and were ${addresses(before).join(', ')}`);
  const reserved = after.gce.addresses.find(({ address }) => address === addressOf(stage));
  if (reserved?.status !== 'RESERVED') throw new Error(`${addressOf(stage)} is not reserved and free any more`);
  return { says: `nothing is left; ${reserved.address} is still reserved` };
}
