import { type ClusterObject, cluster } from '../../shared/kinds/cluster/kind.ts';
import { type SecretObject, secret } from '../../shared/kinds/core/secret.ts';
import { apiVersionOf, type Kind } from '../../shared/kinds/define-kind.ts';
import { keys, systemNamespace } from '../../shared/kinds/fields.ts';
import { type MachineObject, machine } from '../../shared/kinds/machine/kind.ts';
import { type MachineClassObject, machineClass } from '../../shared/kinds/machine-class/kind.ts';
import { type MachineDeploymentObject, machineDeployment } from '../../shared/kinds/machine-deployment/kind.ts';
import type { KubeObject, ObjectMeta } from '../../shared/kinds/object.ts';

/** An object as the API would store it: defaulted, its kind named. */
export const newObject = <T extends KubeObject>(kind: Kind<T>, metadata: ObjectMeta, rest: object): T =>
  ({
    apiVersion: apiVersionOf(kind),
    kind: kind.kind,
    metadata: { namespace: 'default', ...metadata },
    ...kind.schema.parse(rest),
  }) as unknown as T;

export type CloudName = 'east' | 'west';

const provider = 'talosproviderconfig/v1alpha1';

const providerSpec = (platform: CloudName, image: string) => ({
  value: {
    apiVersion: provider,
    kind: 'TalosMachineProviderSpec',
    platform: { type: platform, config: `zone: ${platform}-1\nimage: ${image}\n` },
  },
});

/** Addresses that the user of the simulation reserved in the east. */
export const reserved = ['203.0.113.10', '203.0.113.11', '203.0.113.12', '203.0.113.13'] as const;

export const aCluster = (name: string, ips: readonly string[] = reserved.slice(0, 1), namespace = 'default'): ClusterObject =>
  newObject(
    cluster,
    { name, namespace },
    {
      spec: {
        clusterNetwork: {
          pods: { cidrBlocks: ['10.244.0.0/16'] },
          services: { cidrBlocks: ['10.96.0.0/12'] },
          serviceDomain: 'cluster.local',
        },
        providerSpec: { value: { apiVersion: provider, kind: 'TalosClusterProviderSpec', masters: { ips } } },
      },
    },
  );

/** The master of this index, in the east. */
export const aMaster = (clusterName: string, index: number, more: Partial<ObjectMeta> = {}): MachineObject =>
  newObject(
    machine,
    { name: `${clusterName}-master-${index}`, labels: { [keys.clusterName]: clusterName, [keys.set]: 'master' }, ...more },
    { spec: { providerSpec: providerSpec('east', 'talos-1'), versions: { kubelet: 'v1.35.0', controlPlane: 'v1.35.0' } } },
  );

/** A worker that nobody owns. */
export const aWorker = (clusterName: string, name: string, spec: Record<string, unknown> = {}): MachineObject =>
  newObject(
    machine,
    { name, labels: { [keys.clusterName]: clusterName } },
    { spec: { providerSpec: providerSpec('east', 'talos-1'), ...spec } },
  );

export const aMachineClass = (name: string, platform: CloudName, image = 'talos-1'): MachineClassObject =>
  newObject(machineClass, { name }, { providerSpec: providerSpec(platform, image).value });

export const fromClass = (name: string) => ({ valueFrom: { machineClass: { name } } });

/** A worker that nobody owns, of a MachineClass. */
export const aClassWorker = (clusterName: string, name: string, className: string): MachineObject =>
  aWorker(clusterName, name, { providerSpec: fromClass(className) });

export function workers(clusterName: string, platform: CloudName, replicas: number, more: object = {}): MachineDeploymentObject {
  const labels = { [keys.clusterName]: clusterName, [keys.set]: 'worker', cloud: platform };
  return newObject(
    machineDeployment,
    { name: `${clusterName}-${platform}`, labels },
    {
      spec: {
        replicas,
        selector: { matchLabels: labels },
        template: { metadata: { labels }, spec: { providerSpec: providerSpec(platform, 'talos-1') } },
        ...more,
      },
    },
  );
}

/** The same workers, of another image. */
export function withImage(deployment: MachineDeploymentObject, image: string): MachineDeploymentObject {
  const { template } = deployment.spec;
  const platform = template.spec.providerSpec.value?.platform.type as CloudName;
  return {
    ...deployment,
    spec: { ...deployment.spec, template: { ...template, spec: { ...template.spec, providerSpec: providerSpec(platform, image) } } },
  } as MachineDeploymentObject;
}

export const credentialsOf = (platform: CloudName, token: string): SecretObject =>
  newObject(
    secret,
    { name: `${platform}-credentials`, namespace: systemNamespace },
    { data: { token: Buffer.from(token).toString('base64') } },
  );
