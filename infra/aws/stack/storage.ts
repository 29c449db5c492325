import { RemovalPolicy } from 'aws-cdk-lib';
import { AttributeType, BillingMode, ProjectionType, StreamViewType, Table, TableEncryption } from 'aws-cdk-lib/aws-dynamodb';
import { type IKey, Key } from 'aws-cdk-lib/aws-kms';
import { indexes } from '../../../shared/store/table.ts';
import { acknowledge } from './acknowledge.ts';
import type { Plan } from './plan.ts';

/** Where objects are kept, and the customer key: it encrypts the table, and the keys under which secrets are sealed before they get there. */
export interface Storage {
  readonly table: Table;
  readonly streamArn: string;
  readonly indexArns: readonly string[];
  readonly key: IKey;
}

const types = { S: AttributeType.STRING, N: AttributeType.NUMBER };

export function createStorage(plan: Plan): Storage {
  const { stack, options } = plan;
  const removalPolicy = removalPolicyOf(plan);
  const key = customerKey(plan);
  const table = new Table(stack, 'Table', {
    partitionKey: { name: 'pk', type: AttributeType.STRING },
    sortKey: { name: 'sk', type: AttributeType.STRING },
    billingMode: BillingMode.PAY_PER_REQUEST,
    stream: StreamViewType.NEW_AND_OLD_IMAGES,
    timeToLiveAttribute: 'expiresAt',
    encryption: TableEncryption.CUSTOMER_MANAGED,
    encryptionKey: key,
    pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: options.pointInTimeRecovery },
    deletionProtection: options.removalPolicy === 'retain',
    removalPolicy,
  });
  if (!options.pointInTimeRecovery) acknowledge(table, 'DDB3', 'The option pointInTimeRecovery says so.');
  for (const [indexName, { key: name, type }] of Object.entries(indexes))
    table.addLocalSecondaryIndex({ indexName, sortKey: { name, type: types[type] }, projectionType: ProjectionType.KEYS_ONLY });
  const indexArns = Object.keys(indexes).map((name) => `${table.tableArn}/index/${name}`);
  return { table, streamArn: table.tableStreamArn!, indexArns, key };
}

function customerKey(plan: Plan): IKey {
  const { stack, options } = plan;
  if (options.kmsKeyArn !== undefined) return Key.fromKeyArn(stack, 'Key', options.kmsKeyArn);
  return new Key(stack, 'Key', {
    alias: options.prefix,
    description: `Encrypts the table of the plane ${options.prefix}, and seals its secrets`,
    enableKeyRotation: true,
    removalPolicy: removalPolicyOf(plan),
  });
}

export const removalPolicyOf = ({ options }: Pick<Plan, 'options'>): RemovalPolicy =>
  options.removalPolicy === 'retain' ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY;
