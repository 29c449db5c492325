import type { MiddyfiedHandler } from '@middy/core';
import { createTalosBootstrap } from '../../../shared/bootstrap/talos/talos-bootstrap.ts';
import { createNodes } from '../../../shared/nodes/create-nodes.ts';
import { environment } from './environment.ts';
import { logged, start, system } from './start.ts';
import { openTable } from './table.ts';
import { openWorkflows } from './workflows.ts';

/** The steps that need no cloud. */
export function serve<Event, Result>(steps: MiddyfiedHandler<Event, Result>) {
  start({
    ...openTable(),
    workflows: openWorkflows(),
    nodes: createNodes(system),
    bootstrap: createTalosBootstrap(system),
    settings: environment.settings(),
  });
  return logged(steps);
}
