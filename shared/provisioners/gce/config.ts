import * as z from 'zod';

/** An RFC 1035 label, as Compute Engine names its resources. */
const label = '[a-z](?:[-a-z0-9]{0,61}[a-z0-9])?';
const project = '(?:[a-z][-a-z0-9.]{1,61}:)?[a-z][-a-z0-9]{4,28}[a-z0-9]';
const host = 'https://(?:www|compute)\\.googleapis\\.com/compute/v1/';

/** One advice for a value that is missing and for one that is wrong. */
const text = (pattern: RegExp, advice: string) => z.string(advice).regex(pattern, advice);

/** A bare name, or a path, which may start with the host. */
const nameOr = (path: string): RegExp => new RegExp(`^(?:${label}|(?:${host})?projects/${project}/${path}/${label})$`);

const disks = z
  .strictObject({
    size: z.int().min(1).max(65_536).optional().describe('Size of the boot disk in GB; the size of the image if absent.'),
  })
  .describe('The boot disk, which goes with its machine.');

const instances = z
  .strictObject({
    type: text(new RegExp(`^${label}$`), 'write a machine type such as n1-standard-2').describe('Machine type: n1-standard-2.'),
    image: text(
      new RegExp(`^(?:${host})?projects/${project}/global/images/(?:family/)?${label}$`),
      'write the URL of an image: https://www.googleapis.com/compute/v1/projects/<project>/global/images/<image>',
    ).describe('URL of the Talos image, or of an image family.'),
    disks: disks.optional(),
    network: text(nameOr('global/networks'), 'write the name of a network, or projects/<project>/global/networks/<network>')
      .optional()
      .describe('The network; the network called default if absent.'),
    subnetwork: text(
      nameOr(`regions/${label}/subnetworks`),
      'write the name of a subnetwork, or projects/<project>/regions/<region>/subnetworks/<name>',
    )
      .optional()
      .describe('The subnetwork, in the region of the zone; needed where the network has no subnetwork of its own making.'),
    tags: z
      .array(text(new RegExp(`^${label}$`), 'write a network tag: lower-case letters, digits and dashes'))
      .max(60)
      .optional()
      .describe('Network tags, which firewall rules of yours can name.'),
  })
  .describe('What the machines are made of.');

/** The keys of `platform.config` for platform gce. Unknown keys are errors: a key that is not read would be a wish not heard. */
export const config = z
  .strictObject({
    project: text(new RegExp(`^${project}$`), 'write a project id such as talos-testbed').describe('Id of the project.'),
    zone: text(/^[a-z]+-[a-z]+\d+-[a-z]$/, 'write a zone such as us-central1-c').describe('The zone.'),
    instances,
  })
  .describe('A machine on Google Compute Engine.');

export type GceConfig = z.output<typeof config>;
