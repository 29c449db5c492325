import type { AwsState } from '../clouds/aws/state.ts';
import type { GceState } from '../clouds/gce/state.ts';
import type { Endpoints } from '../files.ts';
import { type Kubectl, kubectl } from '../kubectl/kubectl.ts';

/** What the demo looks at: through kubectl, as a user would, and into the fakes. */

export interface NodeRow {
  readonly name: string;
  readonly ready: boolean;
  readonly providerID: string;
}

export async function must(tool: Kubectl, args: readonly string[], stdin?: string): Promise<string> {
  const { code, stdout, stderr } = await tool.run(args, stdin);
  if (code !== 0) throw new Error(`kubectl ${args.join(' ')}: ${stderr.trim()}`);
  return stdout;
}

interface List<T> {
  readonly items: readonly T[];
}

export async function nodesOf(kubeconfig: string): Promise<NodeRow[]> {
  const { code, stdout } = await kubectl({ kubeconfig }).run(['get', 'nodes', '-o', 'json']);
  if (code !== 0) return [];
  type Node = { metadata: { name: string }; spec: { providerID?: string }; status: { conditions?: { type: string; status: string }[] } };
  return (JSON.parse(stdout) as List<Node>).items.map(({ metadata, spec, status }) => ({
    name: metadata.name,
    ready: status.conditions?.some(({ type, status: is }) => type === 'Ready' && is === 'True') === true,
    providerID: spec.providerID ?? '',
  }));
}

export interface DeploymentRow {
  readonly replicas: number;
  readonly updated: number;
  readonly available: number;
  readonly observed: boolean;
}

export async function deployment(tool: Kubectl, name: string): Promise<DeploymentRow> {
  const { metadata, status = {} } = JSON.parse(await must(tool, ['get', 'machinedeployment', name, '-o', 'json'])) as {
    metadata: { generation: number };
    status?: { replicas?: number; updatedReplicas?: number; availableReplicas?: number; observedGeneration?: number };
  };
  return {
    replicas: status.replicas ?? 0,
    updated: status.updatedReplicas ?? 0,
    available: status.availableReplicas ?? 0,
    observed: status.observedGeneration === metadata.generation,
  };
}

export interface Clouds {
  readonly aws: AwsState;
  readonly gce: GceState;
}

export async function lookIntoClouds({ clouds }: Endpoints): Promise<Clouds> {
  const [aws, gce] = await Promise.all([clouds.aws, clouds.gce].map(async (url) => (await fetch(`${url}/_state`)).json()));
  return { aws: aws as AwsState, gce: gce as GceState };
}
