import { Aws } from 'aws-cdk-lib';
import { PolicyDocument, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { DefinitionBody, StateMachine, StateMachineType } from 'aws-cdk-lib/aws-stepfunctions';
import type { Workflow } from '../../../shared/kinds/workflow.ts';
import { acknowledge } from './acknowledge.ts';
import type { Functions } from './functions.ts';
import { functionName, type Plan, stateMachineName } from './plan.ts';

/** The state machines, from the same definitions that the local host runs. */
export function createStateMachines(plan: Plan, functions: Functions): readonly StateMachine[] {
  return plan.workflows.map((workflow) => createStateMachine(plan, functions, workflow));
}

function createStateMachine(plan: Plan, functions: Functions, workflow: Workflow): StateMachine {
  const { stack } = plan;
  const stateMachine = new StateMachine(stack, workflow.name, {
    stateMachineName: stateMachineName(plan, workflow),
    stateMachineType: StateMachineType.STANDARD,
    definitionBody: DefinitionBody.fromString(withPartition(workflow)),
    definitionSubstitutions: {
      Steps: functionName(plan, 'steps'),
      // `<this>-<platform>` is the function that the state asks for.
      CloudSteps: functionName(plan, 'steps'),
    },
    role: createRole(plan, functions, workflow).withoutPolicyUpdates(),
  });
  const history = 'Standard executions keep their history for 90 days, with all inputs and outputs';
  acknowledge(stateMachine, 'SF1', `${history}: a second copy in a log would cost more than the executions.`);
  acknowledge(stateMachine, 'SF2', `${history} and times: traces would add nothing but their price.`);
  return stateMachine;
}

/** What CloudFormation fills in. */
const placeholder = (name: string): string => `\${${name}}`;

/** Definitions are written for the partition `aws`. */
const withPartition = ({ definition }: Workflow): string => JSON.stringify(definition).replaceAll('arn:aws:', `arn:${Aws.PARTITION}:`);

/** May call the functions that its definition names, and only those. */
function createRole(plan: Plan, functions: Functions, workflow: Workflow): Role {
  const usesClouds = JSON.stringify(workflow.definition).includes(placeholder('CloudSteps'));
  const called = plan.entries.filter(({ sort }) => sort === 'steps' || (sort === 'cloud-steps' && usesClouds));
  return new Role(plan.stack, `${workflow.name}-role`, {
    assumedBy: new ServicePrincipal('states.amazonaws.com', { conditions: { StringEquals: { 'aws:SourceAccount': Aws.ACCOUNT_ID } } }),
    description: `${stateMachineName(plan, workflow)}: the steps that it calls`,
    inlinePolicies: {
      Steps: new PolicyDocument({
        statements: [
          new PolicyStatement({
            actions: ['lambda:InvokeFunction'],
            resources: called.map(({ name }) => functions.get(name)!.functionArn),
          }),
        ],
      }),
    },
  });
}
