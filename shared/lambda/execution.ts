import middy from '@middy/core';
import type { EventBridgeEvent } from 'aws-lambda';
import { kinds } from '../kinds/index.ts';
import { host } from './host.ts';

/** What EventBridge tells of an execution that ended; `input` is JSON text. */
export type ExecutionEnded = EventBridgeEvent<
  'Step Functions Execution Status Change',
  { readonly executionArn: string; readonly name: string; readonly status: string; readonly input: string }
>;

/** An execution that ended wakes what it was about: whatever its end, something must be looked at. */
export const executionDoor = () =>
  middy<ExecutionEnded, void>().handler(async ({ detail }) => {
    const { kind: name, namespace, name: object } = JSON.parse(detail.input) as { kind?: string; namespace?: string; name?: string };
    const kind = kinds.find((k) => k.kind === name && k.reconciled);
    if (kind === undefined || namespace === undefined || object === undefined) return;
    await host().queue.send([{ wake: { group: kind.group, kind: kind.kind, namespace, name: object }, id: detail.executionArn }]);
  });
