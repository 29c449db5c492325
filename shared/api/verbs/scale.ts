import type { LabelSelector } from '../../kinds/fields.ts';
import type { KubeObject } from '../../kinds/object.ts';
import { writerOf } from '../apply/writer.ts';
import type { ApiOptions, ItemCall } from '../call.ts';
import { shown } from '../objects/causes.ts';
import { isRecord } from '../objects/decode.ts';
import { readScalePatch } from '../patch/patch.ts';
import { readBody } from '../request/body.ts';
import { writeOptions } from '../request/query.ts';
import { badRequest, invalid } from '../status.ts';
import { respond } from '../view/present.ts';
import { readObject } from './get.ts';
import { changeBy, changeObject } from './write.ts';

/** The scale subresource: `spec.replicas` of an object as an autoscaling/v1 Scale. */
export const scaleType = { group: 'autoscaling', version: 'v1', kind: 'Scale' } as const;

export async function getScale(api: ApiOptions, call: ItemCall): Promise<Response> {
  return respond(scaleOf(await readObject(api, call)));
}

export async function updateScale(api: ApiOptions, call: ItemCall): Promise<Response> {
  const { dryRun } = writeOptions(call.query, 'Update');
  const body = await readBody(call.request);
  const writer = writerOf(call, 'scale', api.clock.now());
  return respond(
    scaleOf(
      await changeObject(
        api,
        call,
        changeBy(call.kind, writer, dryRun, (live) => withReplicas(live, body?.value)),
      ),
    ),
  );
}

export async function patchScale(api: ApiOptions, call: ItemCall): Promise<Response> {
  const { dryRun } = writeOptions(call.query, 'Patch');
  const patch = await readScalePatch(call.request);
  const next = (live: KubeObject) => {
    const scale = scaleOf(live);
    return withReplicas(live, patch.apply(scale), scale.metadata.resourceVersion);
  };
  const writer = writerOf(call, 'scale', api.clock.now());
  return respond(scaleOf(await changeObject(api, call, changeBy(call.kind, writer, dryRun, next))));
}

function scaleOf(object: KubeObject): KubeObject {
  const { name, namespace, uid, resourceVersion, creationTimestamp } = object.metadata;
  const { replicas = 0, selector } = object.spec as { replicas?: number; selector?: LabelSelector };
  const status = (object.status ?? {}) as { replicas?: number };
  return {
    kind: 'Scale',
    apiVersion: 'autoscaling/v1',
    metadata: { name, namespace, uid, resourceVersion, creationTimestamp } as KubeObject['metadata'],
    spec: { replicas },
    status: { replicas: status.replicas ?? 0, selector: selectorText(selector) },
  };
}

/**
 * The object with the replicas of a Scale. `unnamed` is the version that a patch took over from the live object: the
 * client has not named it.
 */
function withReplicas(live: KubeObject, scale: unknown, unnamed?: string): KubeObject {
  if (!isRecord(scale) || (scale.kind ?? 'Scale') !== 'Scale') throw badRequest('the body is no Scale of autoscaling/v1');
  const { metadata = {}, spec = {} } = scale as { metadata?: unknown; spec?: unknown };
  if (!isRecord(metadata) || !isRecord(spec)) throw badRequest('the body is no Scale of autoscaling/v1');
  const replicas = spec.replicas ?? 0;
  if (!Number.isSafeInteger(replicas) || Number(replicas) < 0 || Number(replicas) > 2 ** 31 - 1)
    throw invalid({ group: scaleType.group, kind: 'Scale' }, live.metadata.name, [
      { field: 'spec.replicas', message: `${shown(replicas)}: must be a whole number greater than or equal to 0` },
    ]);
  if (metadata.name !== undefined && metadata.name !== live.metadata.name)
    throw badRequest(`the name of the object (${String(metadata.name)}) does not match the name on the URL (${live.metadata.name})`);
  return {
    ...live,
    metadata: named(live, metadata, unnamed),
    spec: { ...(live.spec as object), replicas },
  };
}

function named(live: KubeObject, { uid, resourceVersion }: Record<string, unknown>, unnamed: string | undefined): KubeObject['metadata'] {
  const { resourceVersion: _, ...metadata } = live.metadata;
  return {
    ...metadata,
    ...(typeof uid === 'string' && { uid }),
    ...(typeof resourceVersion === 'string' && resourceVersion !== unnamed && { resourceVersion }),
  };
}

/** A label selector as text: `a=b,c in (d,e),!f`. */
export function selectorText({ matchLabels = {}, matchExpressions = [] }: LabelSelector = {}): string {
  const words = { In: 'in', NotIn: 'notin' };
  return [
    ...Object.entries(matchLabels).map(([key, value]) => `${key}=${value}`),
    ...matchExpressions.map(({ key, operator, values = [] }) => {
      if (operator === 'Exists') return key;
      if (operator === 'DoesNotExist') return `!${key}`;
      return `${key} ${words[operator]} (${values.join(',')})`;
    }),
  ].join(',');
}
