import { Duration } from 'aws-cdk-lib';
import { AnyPrincipal, Effect, PolicyDocument, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { EventSourceMapping } from 'aws-cdk-lib/aws-lambda';
import { CfnQueuePolicy, DeduplicationScope, FifoThroughputLimit, Queue, QueueEncryption, type QueueProps } from 'aws-cdk-lib/aws-sqs';
import type { Kind } from '../../../shared/kinds/define-kind.ts';
import { kebab } from '../names.ts';
import { delaySeconds } from '../queues.ts';
import type { Functions } from './functions.ts';
import { deadLetterQueueName, type Plan, queueName, reconciledKinds } from './plan.ts';
import { reconcileTimeout } from './sizes.ts';

/** A wake that failed so often is put aside; the next sweep sends another. */
const mostTries = 5;

/** The queues of the reconcilers: first in, first out for each object, so that one object is reconciled once at a time. Returns their dead-letter queues. */
export function createQueues(plan: Plan, functions: Functions): readonly Queue[] {
  const pairs = reconciledKinds(plan).map((kind) => createQueue(plan, functions, kind));
  refusePlainHttp(plan, pairs.flat());
  return pairs.map(([, deadLetters]) => deadLetters);
}

function createQueue(plan: Plan, functions: Functions, kind: Kind): readonly [Queue, Queue] {
  const { stack, options } = plan;
  const id = kebab(kind.kind);
  const deadLetters = new Queue(stack, `${id}-dead-letters`, {
    ...fifo,
    queueName: deadLetterQueueName(plan, kind),
    retentionPeriod: Duration.days(14),
  });
  const queue = new Queue(stack, `${id}-queue`, {
    ...fifo,
    queueName: queueName(plan, kind),
    visibilityTimeout: Duration.seconds(6 * reconcileTimeout),
    deliveryDelay: Duration.seconds(delaySeconds(kind)),
    deadLetterQueue: { queue: deadLetters, maxReceiveCount: mostTries },
  });
  new EventSourceMapping(stack, `${id}-wakes`, {
    target: functions.get(`reconcile-${id}`)!,
    eventSourceArn: queue.queueArn,
    batchSize: 10,
    reportBatchItemFailures: true,
    ...(options.reconcilesAtOnce !== undefined && { maxConcurrency: options.reconcilesAtOnce }),
  });
  return [queue, deadLetters];
}

/** Ids of wakes say what is the same; their content would swallow a second wake for five minutes. */
const fifo: QueueProps = {
  fifo: true,
  contentBasedDeduplication: false,
  deduplicationScope: DeduplicationScope.MESSAGE_GROUP,
  fifoThroughputLimit: FifoThroughputLimit.PER_MESSAGE_GROUP_ID,
  encryption: QueueEncryption.SQS_MANAGED,
};

/** One policy for all, since a stack may hold only so many resources. In the policy of a queue `*` is that queue. */
function refusePlainHttp({ stack }: Plan, queues: readonly Queue[]): void {
  const plainHttp = new PolicyStatement({
    effect: Effect.DENY,
    principals: [new AnyPrincipal()],
    actions: ['sqs:*'],
    resources: ['*'],
    conditions: { Bool: { 'aws:SecureTransport': 'false' } },
  });
  new CfnQueuePolicy(stack, 'QueuePolicy', {
    queues: queues.map(({ queueUrl }) => queueUrl),
    policyDocument: new PolicyDocument({ statements: [plainHttp] }),
  });
}
