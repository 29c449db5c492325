import middy from '@middy/core';
import type { SQSBatchResponse, SQSEvent } from 'aws-lambda';
import type { KubeObject } from '../kinds/object.ts';
import type { Wake } from '../ports.ts';
import { type Controller, reconcile } from '../reconcile/reconcile.ts';
import { host } from './host.ts';

/**
 * Reconciles the objects that a batch of wakes names, each once however often it is named. Those that could not be
 * reconciled are reported, and the queue delivers only them again.
 */
export const reconcileDoor = <T extends KubeObject, Facts, Status>(controller: Controller<T, Facts, Status>) =>
  middy<SQSEvent, SQSBatchResponse>().handler(async ({ Records }) => {
    const ports = host();
    const byObject = Map.groupBy(Records, ({ body }) => body);
    const results = await Promise.all(
      [...byObject].map(async ([body, records]) => {
        const { namespace, name } = JSON.parse(body) as Wake;
        try {
          await reconcile(controller, { namespace, name }, ports);
          return [];
        } catch (error) {
          ports.log.error('could not reconcile', { kind: controller.kind.kind, namespace, name, error: describe(error) });
          return records.map(({ messageId }) => ({ itemIdentifier: messageId }));
        }
      }),
    );
    return { batchItemFailures: results.flat() };
  });

const describe = (error: unknown): string => (error instanceof Error ? `${error.name}: ${error.message}` : String(error));
