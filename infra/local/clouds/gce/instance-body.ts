import * as z from 'zod';
import { invalid } from './errors.ts';
import { type ApiRequest, bodyOf, lastPart } from './routes.ts';

const labels = z.record(z.string().regex(/^[a-z][-_a-z0-9]{0,62}$/), z.string().regex(/^[-_a-z0-9]{0,63}$/));
const gigabytes = z.coerce.number().int().min(1).max(65_536);

/** The parts of an instance that we read. Others are accepted, as Compute Engine knows many more. */
const schema = z.looseObject({
  name: z.string().regex(/^[a-z]([-a-z0-9]{0,61}[a-z0-9])?$/, 'Must be a match of regex'),
  machineType: z.string().min(1),
  labels: labels.default({}),
  tags: z.looseObject({ items: z.array(z.string().regex(/^[a-z]([-a-z0-9]{0,61}[a-z0-9])?$/)).default([]) }).default({ items: [] }),
  canIpForward: z.boolean().default(false),
  disks: z
    .array(
      z.looseObject({
        boot: z.boolean().default(false),
        autoDelete: z.boolean().default(false),
        initializeParams: z.looseObject({
          diskName: z.string().optional(),
          diskSizeGb: gigabytes.optional(),
          sourceImage: z.string().optional(),
          labels: labels.default({}),
        }),
      }),
    )
    .min(1),
  networkInterfaces: z
    .array(
      z.looseObject({
        network: z
          .string()
          .regex(/(^|\/)global\/networks\/[a-z][-a-z0-9]*$/, 'The URL is malformed.')
          .optional(),
        subnetwork: z
          .string()
          .regex(/(^|\/)global\/networks\/[a-z][-a-z0-9]*$/, 'The URL is malformed.')
          .optional(),
        accessConfigs: z
          .array(z.looseObject({ type: z.string().optional(), name: z.string().optional(), natIP: z.string().optional() }))
          .max(1)
          .default([]),
      }),
    )
    .length(1, 'one interface is what this Compute Engine can do'),
  metadata: z
    .looseObject({ items: z.array(z.object({ key: z.string().regex(/^[a-zA-Z0-9-_]{1,128}$/), value: z.string() })).default([]) })
    .default({ items: [] }),
});
export type InstanceBody = z.output<typeof schema>;

const maxMetadataValue = 262_144;
const image =
  /^(https:\/\/(www|compute)\.googleapis\.com\/compute\/v1\/)?(projects\/[^/]+\/)?global\/images\/(family\/)?[a-z][-a-z0-9]{0,62}$/;
/** The families that exist, with a size that they could have. */
const machineType =
  /^(n1|n2|n2d|n4|e2|c2|c2d|c3|c4|t2d|t2a|m1|m2|m3)-(micro|small|medium|(standard|highmem|highcpu|megamem|ultramem)-\d{1,3}|custom-\d+-\d+)$|^[fg]1-(micro|small)$/;

/** Reads and checks what an insert sends, as Compute Engine does before it begins an operation. */
export function readInstanceBody(request: ApiRequest): InstanceBody {
  const zone = lastPart(request.scope);
  const parsed = schema.safeParse(bodyOf(request));
  if (!parsed.success) {
    const { path, message } = parsed.error.issues[0]!;
    throw invalid(path.join('.'), '', message);
  }
  const body = parsed.data;
  requireMachineType(body.machineType, zone);
  const boot = body.disks.find((disk) => disk.boot);
  if (boot === undefined) throw invalid('disks', '', 'Boot disk must be the first disk attached to the instance.');
  const { sourceImage = '' } = boot.initializeParams;
  if (!image.test(sourceImage)) throw invalid('disks[0].initializeParams.sourceImage', sourceImage, 'The URL is malformed.');
  for (const { key, value } of body.metadata.items) {
    if (Buffer.byteLength(value) <= maxMetadataValue) continue;
    throw invalid('metadata.items', key, `Metadata value of key '${key}' is too large: it must not exceed ${maxMetadataValue} bytes.`);
  }
  return body;
}

function requireMachineType(url: string, zone: string): void {
  const match = /(?:^|\/)zones\/([^/]+)\/machineTypes\/([^/]+)$/.exec(url);
  if (match === null) throw invalid('machineType', url, 'The URL is malformed.');
  if (match[1] !== zone) throw invalid('machineType', url, `The machine type is not in zone '${zone}'.`);
  if (!machineType.test(lastPart(url)))
    throw invalid('machineType', url, `Machine type with name '${lastPart(url)}' does not exist in zone '${zone}'.`);
}
