import { EC2Client } from '@aws-sdk/client-ec2';
import { demoAccessKeys } from '../../../infra/local/clouds/aws/signature.ts';

const [accessKeyId, secretAccessKey] = Object.entries(demoAccessKeys)[0]!;

/** The real SDK on a fake. */
export const ec2 = (endpoint: string, region = 'us-west-2', credentials = { accessKeyId, secretAccessKey }): EC2Client =>
  new EC2Client({ endpoint, region, credentials, maxAttempts: 1 });

/** As RunInstances wants it; each test changes what it is about. */
export const oneInstance = { MinCount: 1, MaxCount: 1, ImageId: 'ami-09d6bf816f2ebdfe1', InstanceType: 't2.micro' as const };
