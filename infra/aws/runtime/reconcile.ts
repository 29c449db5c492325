import type { MiddyfiedHandler } from '@middy/core';
import type { SQSBatchResponse, SQSEvent } from 'aws-lambda';
import { logged, start } from './start.ts';
import { openTable } from './table.ts';
import { openWorkflows } from './workflows.ts';

/** The reconciler of one kind. */
export function serve(reconcile: MiddyfiedHandler<SQSEvent, SQSBatchResponse>) {
  start({ ...openTable(), workflows: openWorkflows() });
  return logged(reconcile);
}
