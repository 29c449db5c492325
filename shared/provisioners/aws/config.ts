import * as z from 'zod';

/** Spellings of the keys that people coming from other tools write; the seed's own are all lower-case. */
const aliases: Readonly<Record<string, string>> = { securityGroups: 'securitygroups', keyPair: 'keypair' };

/** One advice for a value that is missing and for one that is wrong. */
const text = (pattern: RegExp, advice: string) => z.string(advice).regex(pattern, advice);

const noPlaceholder = (text: string): boolean => !/[{}]/.test(text);

const instances = z
  .strictObject({
    type: text(/^[a-z][a-z0-9-]*\.[a-z0-9-]+$/, 'write an instance type such as t2.micro').describe('The instance type, such as t2.micro.'),
    ami: text(/^ami-([0-9a-f]{8}|[0-9a-f]{17})$/, 'write the id of an image in this region, such as ami-09d6bf816f2ebdfe1').describe(
      'The id of the Talos image in this region.',
    ),
    keypair: z
      .string()
      .min(1, 'write the name of a key pair, or leave keypair out')
      .max(255)
      .refine(noPlaceholder, 'write the name of a key pair in place of the {{...}}')
      .optional()
      .describe('The name of an EC2 key pair. Talos has no use for it: kept for manifests of the seed system.'),
    securitygroups: z
      .array(
        z
          .string()
          .min(1, 'write the id or the name of a security group')
          .refine(noPlaceholder, 'write a security group in place of the {{...}}'),
      )
      .optional()
      .describe('Ids or names of security groups, in place of those that Plastron makes; they must open 6443, 50000 and 50001 on masters.'),
    subnet: z
      .string()
      .regex(/^subnet-([0-9a-f]{8}|[0-9a-f]{17})$/, 'write the id of a subnet, such as subnet-0123456789abcdef0')
      .optional()
      .describe('The subnet; a default one of the region if absent.'),
    disks: z
      .strictObject({
        size: z.int().min(1).max(16_384).optional().describe('Size of the root disk in GB; as the image has it if absent.'),
      })
      .optional()
      .describe('The disk, which goes with its machine.'),
  })
  .describe('What the machines are made of.');

const keys = z
  .strictObject({
    region: text(/^[a-z]{2,}(-[a-z]+)+-\d+$/, 'write a region such as us-west-2').describe('The AWS region.'),
    instances: z.preprocess(renameAliases, instances),
  })
  .describe('A machine on AWS EC2.');

/** The keys of `platform.config` for platform aws. Unknown keys are errors: a key that is not read would be a wish not heard. */
export const config = keys;
export type AwsConfig = z.output<typeof keys>;

/** A key that stands there in both spellings keeps both, and the second is then refused as unknown. */
function renameAliases(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => {
      const name = aliases[key] ?? key;
      return [name in value ? key : name, inner];
    }),
  );
}
