import { describe, expect, it } from '@jest/globals';
import { loadStateMachine } from '../../../infra/local/stepfunctions/interpreter/load/load.ts';
import { Invalid } from '../../../shared/errors.ts';
import { task } from './interpret.ts';

const succeed = { Type: 'Succeed' };
const alone = (state: object, rest: object = {}) => ({ StartAt: 'Only', States: { Only: state }, ...rest });
const pass = (fields: object) => alone({ Type: 'Pass', End: true, ...fields });
const choice = (rule: object) => ({
  StartAt: 'Only',
  States: { Only: { Type: 'Choice', Choices: [{ Next: 'Done', ...rule }] }, Done: succeed },
});
const map = (fields: object) => alone({ Type: 'Map', ItemProcessor: alone(succeed), End: true, ...fields });

const placeholder = (name: string) => `\${${name}}`;

describe('a definition is refused', () => {
  it.each<[string, object, string, string]>([
    ['JSONata', alone(succeed, { QueryLanguage: 'JSONata' }), 'QueryLanguage', 'JSONPath'],
    ['JSONata in a state', pass({ QueryLanguage: 'JSONata' }), 'States.Only', 'QueryLanguage'],
    ['variables', pass({ Assign: { a: 1 } }), 'States.Only', 'Assign'],
    ['a heartbeat', alone(task('work', { HeartbeatSeconds: 5, End: true })), 'States.Only', 'HeartbeatSeconds'],
    [
      'a distributed map',
      map({ ItemProcessor: alone(succeed, { ProcessorConfig: { Mode: 'DISTRIBUTED' } }) }),
      'States.Only.ItemProcessor.ProcessorConfig.Mode',
      'INLINE',
    ],
    ['an ItemReader', map({ ItemReader: {} }), 'States.Only', 'ItemReader'],
    ['the old Iterator', alone({ Type: 'Map', Iterator: alone(succeed), End: true }), 'States.Only', 'Iterator'],
    [
      'another service',
      alone({ Type: 'Task', Resource: 'arn:aws:states:::sqs:sendMessage', End: true }),
      'States.Only.Resource',
      'lambda:invoke',
    ],
    [
      'a task token',
      alone({ Type: 'Task', Resource: 'arn:aws:states:::lambda:invoke.waitForTaskToken', End: true }),
      'States.Only.Resource',
      'lambda:invoke',
    ],
    [
      'an invocation of nobody',
      alone({ Type: 'Task', Resource: 'arn:aws:states:::lambda:invoke', End: true }),
      'States.Only.Parameters',
      'FunctionName is required',
    ],
    [
      'an unknown parameter of an invocation',
      alone({ Type: 'Task', Resource: 'arn:aws:states:::lambda:invoke', Parameters: { FunctionName: 'f', LogType: 'Tail' }, End: true }),
      'States.Only.Parameters.LogType',
      'not supported here',
    ],
    ['an unknown type', alone({ Type: 'Sleep' }), 'States.Only.Type', 'Invalid'],
    ['a start that is not there', { StartAt: 'Nowhere', States: { Only: succeed } }, 'StartAt', "no state 'Nowhere'"],
    ['a state that leads nowhere', pass({ End: undefined, Next: 'Nowhere' }), 'States.Only', "no state 'Nowhere'"],
    [
      'a state that nobody leads to',
      { StartAt: 'Only', States: { Only: succeed, Other: succeed } },
      'States.Other',
      'no other state leads here',
    ],
    ['a state without an exit', alone({ Type: 'Pass' }), 'States.Only', 'either Next or End'],
    ['a state with two exits', pass({ Next: 'Only' }), 'States.Only', 'either Next or End'],
    [
      'a branch that leads out of itself',
      alone({ Type: 'Parallel', Branches: [{ StartAt: 'A', States: { A: { Type: 'Pass', Next: 'Only' } } }], End: true }),
      'States.Only.Branches[0].States.A',
      "no state 'Only'",
    ],
    ['a path that cannot be read', pass({ InputPath: 'machine' }), 'States.Only.InputPath', 'begins with $'],
    [
      'a template that cannot be read',
      pass({ Parameters: { a: [{ 'b.$': 'machine' }] } }),
      'States.Only.Parameters.a.0.b.$',
      'a function (States.…)',
    ],
    ['a template of a number', pass({ Parameters: { 'b.$': 1 } }), 'States.Only.Parameters.b.$', 'expected string'],
    ['an unknown function', pass({ Parameters: { 'b.$': 'States.Now()' } }), 'States.Only.Parameters.b.$', 'no intrinsic function'],
    ['a ResultPath of several places', pass({ ResultPath: '$.a[*]' }), 'States.Only.ResultPath', 'several values'],
    ['a ResultPath in the context', pass({ ResultPath: '$$.Execution' }), 'States.Only.ResultPath', 'cannot be written to'],
    ['a wait for nothing', alone({ Type: 'Wait', End: true }), 'States.Only', 'one of Seconds'],
    ['a wait for two things', alone({ Type: 'Wait', Seconds: 1, SecondsPath: '$', End: true }), 'States.Only', 'one of Seconds'],
    ['half a second', alone({ Type: 'Wait', Seconds: 0.5, End: true }), 'States.Only.Seconds', 'int'],
    ['a rule without a variable', choice({ StringEquals: 'a' }), 'States.Only.Choices.0', 'needs Variable'],
    ['a rule with two operators', choice({ Variable: '$.a', StringEquals: 'a', IsNull: true }), 'States.Only.Choices.0', 'one operator'],
    [
      'an operator with a value of another type',
      choice({ Variable: '$.a', NumericEquals: '1' }),
      'States.Only.Choices.0.NumericEquals',
      'number',
    ],
    [
      'a time that is none',
      choice({ Variable: '$.a', TimestampEquals: 'noon' }),
      'States.Only.Choices.0.TimestampEquals',
      'must be a time',
    ],
    ['an operator that is none', choice({ Variable: '$.a', StringContains: 'a' }), 'States.Only.Choices.0', 'StringContains'],
    ['a nested rule with Next', choice({ Not: { Variable: '$.a', IsNull: true, Next: 'Done' } }), 'States.Only.Choices.0.Not', 'Next'],
    [
      'States.ALL before others',
      alone(task('work', { Retry: [{ ErrorEquals: ['States.ALL'] }, { ErrorEquals: ['A'] }], End: true })),
      'States.Only.Retry[0]',
      'alone and last',
    ],
    [
      'States.ALL beside others',
      alone(task('work', { Retry: [{ ErrorEquals: ['A', 'States.ALL'] }], End: true })),
      'States.Only.Retry[0]',
      'alone and last',
    ],
    ['two errors of a Fail', alone({ Type: 'Fail', Error: 'A', ErrorPath: '$.e' }), 'States.Only', 'both Error and ErrorPath'],
    [
      'a name of 81 characters',
      { StartAt: 'x'.repeat(81), States: { ['x'.repeat(81)]: succeed } },
      `States.${'x'.repeat(81)}`,
      'Invalid key',
    ],
    ['a placeholder that nothing fills in', pass({ Result: placeholder('Steps') }), '', `fill in ${placeholder('Steps')}`],
  ])('for %s', (_, definition, field, message) => {
    const refused = () => loadStateMachine('Test', JSON.parse(JSON.stringify(definition)));
    expect(refused).toThrow(Invalid);
    expect(refused).toThrow(
      expect.objectContaining({ causes: expect.arrayContaining([{ field, message: expect.stringContaining(message) }]) }),
    );
  });
});

describe('a definition is loaded', () => {
  it('with its placeholders filled in, in keys of templates and in functions alike', () => {
    const Parameters = { 'FunctionName.$': `States.Format('${placeholder('Clouds')}-{}', $.platform)`, Payload: placeholder('Clouds') };
    const definition = alone({ Type: 'Task', Resource: 'arn:aws:states:::lambda:invoke', Parameters, End: true });
    const loaded = loadStateMachine('Test', definition, { Clouds: 'plastron-clouds' });
    expect(loaded.States.Only).toMatchObject({
      Parameters: { 'FunctionName.$': "States.Format('plastron-clouds-{}', $.platform)", Payload: 'plastron-clouds' },
    });
  });

  it('and names every fault at once', () => {
    const definition = { StartAt: 'A', States: { A: { Type: 'Pass', Next: 'B' }, C: { Type: 'Wait', End: true } } };
    expect(() => loadStateMachine('create-machine', definition)).toThrow(
      "The state machine create-machine cannot be run: States.C: no other state leads here; States.A: there is no state 'B' here; " +
        'States.C: needs one of Seconds, SecondsPath, Timestamp and TimestampPath',
    );
  });
});
