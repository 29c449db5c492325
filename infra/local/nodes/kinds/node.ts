import * as z from 'zod';
import { type Column, defineKind, type ObjectOf, type ObjectOfKind } from '../../../../shared/kinds/define-kind.ts';
import { conditions, taint } from '../../../../shared/kinds/fields.ts';

const quantities = z.record(z.string(), z.string());

const schema = z.object({
  spec: z
    .object({
      providerID: z.string().optional().describe("The cloud's id of the machine."),
      podCIDR: z.string().optional().describe('The addresses of its Pods.'),
      podCIDRs: z.array(z.string()).optional().describe('The addresses of its Pods, one block per family.'),
      taints: z.array(taint).optional().describe('What keeps Pods away.'),
      unschedulable: z.boolean().optional().describe('New Pods are not placed here.'),
    })
    .default({})
    .describe('What the node should be.'),
  status: z
    .object({
      addresses: z
        .array(z.object({ type: z.string(), address: z.string() }))
        .optional()
        .describe('How it is reached.'),
      capacity: quantities.optional().describe('What it has.'),
      allocatable: quantities.optional().describe('What Pods may use of it.'),
      conditions: conditions.optional(),
      daemonEndpoints: z
        .object({ kubeletEndpoint: z.object({ Port: z.int() }) })
        .optional()
        .describe('Ports of its daemons.'),
      nodeInfo: z.record(z.string(), z.string()).optional().describe('What it runs.'),
    })
    .optional()
    .describe('What the node is.'),
});

type Shape = ObjectOf<typeof schema>;
type Status = z.output<typeof schema>['status'];

/** As kubectl prints it: `Ready`, `NotReady,SchedulingDisabled`. */
function statusOf(status: Status, spec: { unschedulable?: boolean | undefined }): string {
  const ready = status?.conditions?.find((condition) => condition.type === 'Ready');
  const words = ready === undefined ? 'Unknown' : ready.status === 'True' ? 'Ready' : 'NotReady';
  return spec.unschedulable === true ? `${words},SchedulingDisabled` : words;
}

const roleLabel = 'node-role.kubernetes.io/';

function rolesOf(labels: Readonly<Record<string, string>>): string {
  const roles = Object.keys(labels).filter((key) => key.startsWith(roleLabel) && key.length > roleLabel.length);
  return roles.length === 0
    ? '<none>'
    : roles
        .map((key) => key.slice(roleLabel.length))
        .sort()
        .join(',');
}

const addressOf = (object: Shape, type: string): string =>
  object.status?.addresses?.find((address) => address.type === type)?.address ?? '<none>';

/** A column that only `-o wide` shows. */
const wide = (name: string, description: string, value: (object: Shape) => string): Column<Shape> => ({
  name,
  type: 'string',
  description,
  priority: 1,
  value,
});

/** core/v1 Node, as the kubelets of fake nodes fill it in. */
export const node = defineKind({
  group: '',
  version: 'v1',
  kind: 'Node',
  plural: 'nodes',
  shortNames: ['no'],
  scope: 'Cluster',
  description: 'A machine that runs Pods.',
  schema,
  subresources: { status: true, scale: false },
  columns: [
    { name: 'Status', type: 'string', description: 'Whether Pods run and may be placed here', value: (n) => statusOf(n.status, n.spec) },
    { name: 'Roles', type: 'string', description: 'The roles that its labels name', value: (n) => rolesOf(n.metadata.labels ?? {}) },
    { name: 'Age', type: 'date', description: 'Time since it joined', value: (n) => n.metadata.creationTimestamp },
    { name: 'Version', type: 'string', description: 'Its kubelet', value: (n) => n.status?.nodeInfo?.kubeletVersion ?? '' },
    wide('Internal-IP', 'Its address in its own network', (n) => addressOf(n, 'InternalIP')),
    wide('External-IP', 'Its address in the internet', (n) => addressOf(n, 'ExternalIP')),
    wide('OS-Image', 'Its operating system', (n) => n.status?.nodeInfo?.osImage ?? '<unknown>'),
    wide('Kernel-Version', 'Its kernel', (n) => n.status?.nodeInfo?.kernelVersion ?? '<unknown>'),
    wide('Container-Runtime', 'What runs its containers', (n) => n.status?.nodeInfo?.containerRuntimeVersion ?? '<unknown>'),
  ],
});
export type NodeObject = ObjectOfKind<typeof node>;
