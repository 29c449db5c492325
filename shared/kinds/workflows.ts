import { createCluster, emptyCloud, teardownCluster } from './cluster/workflow.ts';
import { createMachine, teardownMachine } from './machine/workflow.ts';
import { rollout } from './machine-deployment/workflow.ts';
import type { Workflow } from './workflow.ts';

/** The one list of state machines. */
export const workflows: readonly Workflow[] = [createMachine, teardownMachine, rollout, createCluster, teardownCluster, emptyCloud];
