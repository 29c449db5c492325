import * as z from 'zod';
import { apiVersionOf, defineKind, type Kind } from '../../kinds/define-kind.ts';
import type { LabelSelector } from '../../kinds/fields.ts';
import type { KubeObject, ObjectMeta } from '../../kinds/object.ts';
import { applyConfiguration } from '../apply/configuration.ts';
import { type Writer, writerOf } from '../apply/writer.ts';
import type { ApiOptions, ItemCall } from '../call.ts';
import { shown } from '../objects/causes.ts';
import { decodeObject } from '../objects/decode.ts';
import { readScalePatch } from '../patch/patch.ts';
import { readBody } from '../request/body.ts';
import { writeOptions } from '../request/query.ts';
import { invalid } from '../status.ts';
import { respond } from '../view/present.ts';
import { readApplyOptions, readConfiguration } from './apply.ts';
import { readObject } from './get.ts';
import { applyPatch, checkIdentity } from './update.ts';
import { type Change, changeBy, changeObject, withOwners } from './write.ts';

/** The scale subresource: `spec.replicas` of an object as an autoscaling/v1 Scale. */
export const scaleType = { group: 'autoscaling', version: 'v1', kind: 'Scale' } as const;

/** Never stored: what a Scale is decoded by. */
const scaleKind: Kind = defineKind({
  ...scaleType,
  plural: 'scales',
  description: 'How many there shall be of something.',
  schema: z.object({
    spec: z.object({ replicas: z.int().optional().describe('How many there shall be.') }).optional(),
    status: z.object({ replicas: z.int().optional(), selector: z.string().optional() }).optional(),
  }),
});

export async function getScale(api: ApiOptions, call: ItemCall): Promise<Response> {
  return respond(scaleOf(await readObject(api, call)));
}

export async function updateScale(api: ApiOptions, call: ItemCall): Promise<Response> {
  const { dryRun, fieldValidation } = writeOptions(call.query, 'Update');
  const { object, warnings } = decodeObject(scaleKind, await readBody(call.request), fieldValidation);
  const scale = { ...object, metadata: { ...object.metadata, name: object.metadata.name ?? call.name } };
  checkIdentity(call, scale);
  return change(
    api,
    call,
    changeBy(call.kind, scaleWriter(api, call), dryRun, (live) => withReplicas(live, scale)),
    () => warnings,
  );
}

export async function patchScale(api: ApiOptions, call: ItemCall): Promise<Response> {
  const { dryRun, fieldValidation } = writeOptions(call.query, 'Patch');
  const patch = await readScalePatch(call.request);
  let warnings: readonly string[] = [];
  const next = (live: KubeObject) => {
    const result = applyPatch(api, { ...call, kind: scaleKind }, patch, scaleOf(live), fieldValidation);
    warnings = result.warnings;
    return withReplicas(live, result.object);
  };
  return change(api, call, changeBy(call.kind, scaleWriter(api, call), dryRun, next), () => warnings);
}

/** Server-side apply: the number of replicas is owned like any other field. */
export async function applyScale(api: ApiOptions, call: ItemCall): Promise<Response> {
  const { dryRun, fieldValidation, force } = readApplyOptions(call);
  const { object: scale, warnings } = await readConfiguration(api, { ...call, kind: scaleKind }, fieldValidation);
  const writer = scaleWriter(api, call);
  const applied: Change = {
    dryRun,
    next(live) {
      const { object, managedFields } = applyConfiguration(call.kind, live, configurationOf(call.kind, scale), writer, force);
      return withOwners(withReplicas(live, { ...scale, spec: { replicas: replicasOf(object) } }), managedFields);
    },
    owners: (_live, _sound, given) => given,
  };
  return change(api, call, applied, () => warnings);
}

const scaleWriter = (api: ApiOptions, call: ItemCall): Writer => writerOf(call, 'scale', api.clock.now());

async function change(api: ApiOptions, call: ItemCall, next: Change, warnings: () => readonly string[]): Promise<Response> {
  const changed = await changeObject(api, call, next);
  return respond(scaleOf(changed), 200, warnings());
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

/** What an applied Scale says of the object that it scales. */
function configurationOf(kind: Kind, scale: KubeObject): KubeObject {
  const replicas = replicasOf(scale);
  return {
    apiVersion: apiVersionOf(kind),
    kind: kind.kind,
    metadata: { name: scale.metadata.name },
    ...(replicas !== undefined && { spec: { replicas } }),
  };
}

const replicasOf = ({ spec }: KubeObject): unknown => (spec as { replicas?: unknown } | null | undefined)?.replicas;

/** The object with the replicas of a Scale; none means zero, as upstream. */
function withReplicas(live: KubeObject, scale: KubeObject): KubeObject {
  const replicas = replicasOf(scale) ?? 0;
  if (!Number.isSafeInteger(replicas) || Number(replicas) < 0 || Number(replicas) > 2 ** 31 - 1)
    throw invalid(scaleType, live.metadata.name, [
      { field: 'spec.replicas', message: `${shown(replicas)}: must be a whole number greater than or equal to 0` },
    ]);
  return { ...live, metadata: named(live.metadata, scale.metadata), spec: { ...(live.spec as object), replicas } };
}

/** The live metadata, with the uid and the version that the client has named. */
function named({ resourceVersion: _, ...live }: ObjectMeta, { uid, resourceVersion }: ObjectMeta): ObjectMeta {
  return { ...live, ...(uid !== undefined && { uid }), ...(resourceVersion !== undefined && { resourceVersion }) };
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
