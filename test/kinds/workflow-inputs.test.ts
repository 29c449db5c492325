import { describe, expect, it } from '@jest/globals';
import { planCluster } from '../../shared/kinds/cluster/plan.ts';
import { planMachine } from '../../shared/kinds/machine/plan.ts';
import { planMachineDeployment } from '../../shared/kinds/machine-deployment/plan.ts';
import type { Operation } from '../../shared/kinds/operation.ts';
import type { Workflow } from '../../shared/kinds/workflow.ts';
import { workflows } from '../../shared/kinds/workflows.ts';
import { emptyClouds } from '../../shared/steps/cluster/empty-clouds.ts';
import { stage } from '../steps/stage.ts';
import { aClusterModel } from './cluster/builders.ts';
import { facts as machineFacts, now } from './machine/builders.ts';
import { facts as deploymentFacts, old } from './machine-deployment/facts.ts';

type Input = Readonly<Record<string, unknown>>;
const started: [workflow: string, input: Input][] = [];

function plans({ operations }: { readonly operations: readonly Operation[] }): void {
  for (const operation of operations) if (operation.op === 'start') started.push([operation.workflow, operation.input]);
}

const deleted = { deleting: true, status: { execution: 'create-1' } };
plans(planMachine(machineFacts()));
plans(planMachine(machineFacts(deleted, { execution: { name: 'create-1', running: false } })));
plans(planMachineDeployment(deploymentFacts({}, [old()])));
plans(planCluster({ now, cluster: aClusterModel() }));
plans(planCluster({ now, cluster: aClusterModel(deleted), execution: { name: 'create-1', running: false } }));
await emptyTheClouds();

/** The one workflow that a step starts, not a plan. */
async function emptyTheClouds(): Promise<void> {
  const plane = await stage();
  const cluster = await plane.raise({ providerStatus: { places: { 'east/a': { platform: 'east', config: {} } } } });
  const start = async (workflow: string, _name: string, input: Input) => void started.push([workflow, input]);
  Object.assign(plane.workflows, { start });
  await plane.ask(emptyClouds, cluster);
}

/** What a definition reads of its input: a step's answer stands under the step's name. */
function readBy({ definition }: Workflow): string[] {
  const names = Object.keys(definition.States);
  const read = [...JSON.stringify(definition.States).matchAll(/(?<!\$)\$\.(\w+)/g)].map((match) => match[1]!);
  return [...new Set(read)].filter((name) => !names.includes(name) && !['Payload', 'failure'].includes(name));
}

describe('an execution', () => {
  it('is started of every workflow here', () => {
    expect(started.map(([workflow]) => workflow).sort()).toEqual(workflows.map(({ name }) => name).sort());
  });

  it.each(started)('of %s names its object first', (_workflow, input) => {
    expect(Object.keys(input).slice(0, 4)).toEqual(['kind', 'namespace', 'name', 'uid']);
    expect(Object.values(input).slice(0, 4)).not.toContain('');
    expect(Object.values(input)).not.toContain(undefined);
  });

  it.each(started)('of %s has all that its states read', (name, input) => {
    expect(Object.keys(input)).toEqual(expect.arrayContaining(readBy(workflows.find((workflow) => workflow.name === name)!)));
  });

  it('is told its platform if a step is carried out in a cloud', () => {
    const inClouds = workflows.filter((workflow) => readBy(workflow).includes('platform')).map(({ name }) => name);
    expect(inClouds).toEqual(['create-machine', 'teardown-machine', 'empty-cloud']);
  });
});

describe('a state', () => {
  const states = workflows.flatMap(({ name, definition }) =>
    Object.entries(definition.States).map(([state, { Type }]) => ({ name, state, Type })),
  );

  it('has a name that the console and the metrics of Step Functions take', () => {
    for (const { state } of states) expect(state).toMatch(/^[\w ?]{1,80}$/);
  });

  it('says what it does, if it is a step', () => {
    for (const { definition } of workflows) {
      expect(definition.Comment).toMatch(/^[A-Z].*\.$/);
      for (const state of Object.values(definition.States)) if (state.Type === 'Task') expect(state.Comment).toMatch(/^[A-Z].*[^.]$/);
    }
  });
});
