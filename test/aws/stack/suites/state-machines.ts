import { describe, expect, it } from '@jest/globals';
import validate from 'asl-validator';
import { answer, type StepCall, type StepOutcome } from '../../../../shared/kinds/workflow.ts';
import { workflows } from '../../../../shared/kinds/workflows.ts';
import { interpret, startedAt } from '../../../local/stepfunctions/interpret.ts';
import { synthesize } from '../synthesize.ts';
import { propertiesOf } from '../template.ts';

interface StateMachine {
  readonly StateMachineName: string;
  readonly StateMachineType: string;
  readonly DefinitionString: string;
  readonly DefinitionSubstitutions: Readonly<Record<string, string>>;
  readonly LoggingConfiguration?: unknown;
}

const template = synthesize();
const lambdas = new Set(propertiesOf(template, 'AWS::Lambda::Function').map(({ FunctionName }) => FunctionName));

/** As Step Functions gets it from CloudFormation. */
const definitionOf = ({ DefinitionString, DefinitionSubstitutions }: StateMachine): object =>
  JSON.parse(DefinitionString.replace(/\$\{(\w+)\}/g, (_, name: string) => DefinitionSubstitutions[name]!)) as object;

const stateMachines = new Map(
  propertiesOf<StateMachine>(template, 'AWS::StepFunctions::StateMachine').map((each) => [each.StateMachineName, each]),
);

it('there is a state machine for each workflow', () => {
  expect([...stateMachines.keys()].sort()).toEqual(workflows.map(({ name }) => `Plastron-${name}`).sort());
});

describe.each(workflows)('state machine $name, as the template has it', ({ name, definition }) => {
  const stateMachine = stateMachines.get(`Plastron-${name}`)!;
  const deployed = definitionOf(stateMachine);

  it('is a standard one', () => {
    expect(stateMachine.StateMachineType).toBe('STANDARD');
  });

  it('is valid', () => {
    const validation = validate(structuredClone(deployed));
    expect([validation.isValid, validation.errorsText()]).toEqual([true, '']);
  });

  it('has nothing left to fill in', () => {
    expect(JSON.stringify(deployed)).not.toContain('${');
  });

  it.each(['aws', 'gce'])('runs to its end, and calls only functions that there are, for a machine on %s', (platform) => {
    const { called, ending, entered } = run(deployed, platform, () => ({ settled: true, says: 'done' }));
    expect(ending.status).toBe('SUCCEEDED');
    expect(entered.at(-1)).toBe('Done');
    const steps = Object.entries(definition.States).filter(([step, { Type }]) => Type === 'Task' && step !== 'RecordFailure');
    expect(called.map(({ step }) => step)).toEqual(steps.map(([step]) => step));
    for (const { lambda } of called) expect([...lambdas]).toContain(lambda);
  });

  it('records a failure, and fails with it', () => {
    const { called, ending } = run(deployed, 'aws', ({ step }) => {
      if (step !== 'RecordFailure') throw new Error('the world is broken');
      return { settled: true, says: 'recorded' };
    });
    expect(called.at(-1)).toEqual({ lambda: 'Plastron-steps', step: 'RecordFailure' });
    expect(ending).toMatchObject({ status: 'FAILED', failure: { cause: 'the world is broken' } });
  });
});

/** Runs a definition; `says` answers for every step. */
function run(definition: object, platform: string, says: (call: StepCall) => StepOutcome) {
  const called: { readonly lambda: string; readonly step: string }[] = [];
  const functions = Object.fromEntries(
    [...lambdas].map((lambda) => [
      lambda,
      (payload: unknown) => {
        const call = payload as StepCall;
        called.push({ lambda: String(lambda), step: call.step });
        return answer(call, says(call), startedAt);
      },
    ]),
  );
  const input = { kind: 'Machine', namespace: 'default', name: 'm', uid: 'u', platform };
  return { called, ...interpret(definition, input, functions) };
}
