import { SQSClient } from '@aws-sdk/client-sqs';
import { systemClock as clock } from '../../system.ts';
import { environment } from './environment.ts';
import { sqsWakeQueue } from './wake-queue.ts';

export const openQueue = () =>
  sqsWakeQueue({ client: new SQSClient({ useQueueUrlAsEndpoint: false }), prefix: environment.queues(), clock });
