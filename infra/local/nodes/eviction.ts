import * as z from 'zod';
import type { Subresource } from '../../../shared/api/call.ts';
import { conflict, notFound, StatusError } from '../../../shared/api/status.ts';
import type { KubeObject } from '../../../shared/kinds/object.ts';
import { matchesLabels } from '../../../shared/kinds/selector.ts';
import type { Store } from '../../../shared/store/store.ts';
import { type PodObject, pod } from './kinds/pod.ts';
import { type PodDisruptionBudgetObject, podDisruptionBudget } from './kinds/pod-disruption-budget.ts';

const eviction = z.looseObject({
  deleteOptions: z.looseObject({ preconditions: z.looseObject({ uid: z.string().optional() }).optional() }).optional(),
});

/** `pods/eviction`: ends the Pod, unless a disruption budget forbids it now. */
export function podEviction(store: Store, terminate: (pod: PodObject) => Promise<void>): Subresource {
  return {
    kind: pod,
    name: 'eviction',
    body: { group: 'policy', version: 'v1', kind: 'Eviction' },
    async create({ namespace, name }, body) {
      const found = await store.get(pod, { namespace, name });
      if (found === undefined) throw notFound(pod, name);
      const asked = eviction.safeParse(body).data?.deleteOptions?.preconditions?.uid;
      if (asked !== undefined && asked !== found.metadata.uid)
        throw conflict(pod, name, 'the UID in the precondition is not that of the Pod');
      if (found.metadata.deletionTimestamp === undefined) {
        await requireBudget(store, found);
        await terminate(found);
      }
      return { apiVersion: 'v1', kind: 'Status', metadata: {}, status: 'Success' } as unknown as KubeObject;
    },
  };
}

async function requireBudget(store: Store, { metadata: { namespace = '', labels = {} } }: PodObject): Promise<void> {
  const budgets = (await store.list(podDisruptionBudget, { namespace })).items;
  const covering = budgets.filter((budget) => matchesLabels(budget.spec.selector ?? {}, labels));
  if (covering.length === 0) return;
  const pods = (await store.list(pod, { namespace })).items;
  for (const budget of covering) {
    if (disruptionsAllowed(budget, pods) > 0) continue;
    const cause = { reason: 'DisruptionBudget', message: `The disruption budget ${budget.metadata.name} allows no disruption now` };
    throw new StatusError(429, 'TooManyRequests', "Cannot evict pod as it would violate the pod's disruption budget.", { causes: [cause] });
  }
}

/** How many of the Pods that the budget covers may go: 3 Pods of which 2 must stay leave 1, and 0 while one of them is not ready. */
export function disruptionsAllowed({ spec }: PodDisruptionBudgetObject, pods: readonly PodObject[]): number {
  const covered = pods.filter((one) => matchesLabels(spec.selector ?? {}, one.metadata.labels ?? {}));
  const share = (value: number | string): number =>
    typeof value === 'number' ? value : Math.ceil((covered.length * Number.parseInt(value, 10)) / 100);
  const mustStay = spec.minAvailable === undefined ? covered.length - share(spec.maxUnavailable ?? 0) : share(spec.minAvailable);
  return covered.filter(isHealthy).length - mustStay;
}

const isHealthy = ({ metadata, status }: PodObject): boolean =>
  metadata.deletionTimestamp === undefined &&
  status?.phase === 'Running' &&
  (status.containerStatuses ?? []).every((container) => container.ready);
