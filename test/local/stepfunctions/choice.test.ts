import { describe, expect, it } from '@jest/globals';
import { failure, interpret } from './interpret.ts';

const input = {
  text: 'gce-b',
  number: 3,
  on: true,
  time: '2019-07-26T12:00:00Z',
  nothing: null,
  list: [1],
  other: { text: 'gce-b', number: 4, on: false, time: '2019-07-26T14:00:00+02:00', list: [] },
};

/** Does the rule hold for the input? */
function holds(rule: object, given: unknown = input): unknown {
  const { ending, entered } = interpret(
    {
      StartAt: 'Look',
      States: {
        Look: { Type: 'Choice', Choices: [{ ...rule, Next: 'Yes' }], Default: 'No' },
        Yes: { Type: 'Succeed' },
        No: { Type: 'Succeed' },
      },
    },
    given,
  );
  return ending.status === 'SUCCEEDED' ? entered[1] === 'Yes' : ending;
}

describe('a comparison', () => {
  it.each([
    ['StringEquals', '$.text', 'gce-b', true],
    ['StringEquals', '$.text', 'gce-c', false],
    ['StringEquals', '$.number', '3', false],
    ['StringLessThan', '$.text', 'gce-c', true],
    ['StringLessThanEquals', '$.text', 'gce-b', true],
    ['StringGreaterThan', '$.text', 'gce-b', false],
    ['StringGreaterThanEquals', '$.text', 'gce-b', true],
    ['StringMatches', '$.text', 'gce-*', true],
    ['StringMatches', '$.text', '*b', true],
    ['StringMatches', '$.text', 'gce', false],
    ['StringMatches', '$.text', 'gce.b', false],
    ['StringMatches', '$.text', String.raw`gce\*`, false],
    ['StringMatches', '$.number', '*', false],
    ['NumericEquals', '$.number', 3, true],
    ['NumericEquals', '$.text', 3, false],
    ['NumericLessThan', '$.number', 3.5, true],
    ['NumericLessThanEquals', '$.number', 2, false],
    ['NumericGreaterThan', '$.number', 2, true],
    ['NumericGreaterThanEquals', '$.number', 3, true],
    ['BooleanEquals', '$.on', true, true],
    ['BooleanEquals', '$.on', false, false],
    ['BooleanEquals', '$.text', true, false],
    ['TimestampEquals', '$.time', '2019-07-26T13:00:00+01:00', true],
    ['TimestampLessThan', '$.time', '2019-07-26T12:00:00.001Z', true],
    ['TimestampLessThanEquals', '$.time', '2019-07-26T11:59:59Z', false],
    ['TimestampGreaterThan', '$.time', '2019-07-25T23:59:59Z', true],
    ['TimestampGreaterThanEquals', '$.text', '2019-07-25T23:59:59Z', false],
    ['IsPresent', '$.text', true, true],
    ['IsPresent', '$.absent', true, false],
    ['IsPresent', '$.absent', false, true],
    ['IsPresent', '$.nothing', true, true],
    ['IsNull', '$.nothing', true, true],
    ['IsNull', '$.text', false, true],
    ['IsString', '$.text', true, true],
    ['IsString', '$.number', true, false],
    ['IsNumeric', '$.number', true, true],
    ['IsNumeric', '$.text', false, true],
    ['IsBoolean', '$.on', true, true],
    ['IsTimestamp', '$.time', true, true],
    ['IsTimestamp', '$.text', true, false],
    ['StringEqualsPath', '$.text', '$.other.text', true],
    ['StringLessThanPath', '$.text', '$.other.text', false],
    ['NumericLessThanPath', '$.number', '$.other.number', true],
    ['NumericGreaterThanEqualsPath', '$.number', '$.other.number', false],
    ['BooleanEqualsPath', '$.on', '$.other.on', false],
    ['TimestampEqualsPath', '$.time', '$.other.time', true],
    ['TimestampGreaterThanPath', '$$.Execution.StartTime', '$.time', false],
  ])('%s %s %j: %s', (operator, Variable, right, expected) => {
    expect(holds({ Variable, [operator]: right })).toBe(expected);
  });

  it.each([
    ['StringEquals', '$.absent', 'x', "The path '$.absent' could not be found in the input"],
    ['IsString', '$.absent', true, "The path '$.absent' could not be found in the input"],
    ['NumericEqualsPath', '$.number', '$.absent', "The path '$.absent' could not be found in the input"],
    ['NumericEqualsPath', '$.number', '$.text', "NumericEqualsPath: '$.text' must hold a number"],
    ['TimestampEqualsPath', '$.time', '$.text', "TimestampEqualsPath: '$.text' must hold a timestamp"],
  ])('%s of %s and %j ends the execution with States.Runtime', (operator, Variable, right, cause) => {
    expect(holds({ Variable, [operator]: right })).toEqual(failure('States.Runtime', cause));
  });
});

describe('a combination', () => {
  const yes = { Variable: '$.on', BooleanEquals: true };
  const no = { Variable: '$.on', BooleanEquals: false };
  const absent = { Variable: '$.absent', StringEquals: 'x' };

  it.each([
    [{ And: [yes, yes] }, true],
    [{ And: [yes, no] }, false],
    [{ And: [no, absent] }, false],
    [{ Or: [no, yes] }, true],
    [{ Or: [no, no] }, false],
    [{ Or: [yes, absent] }, true],
    [{ Not: no }, true],
    [{ Not: { And: [yes, { Or: [no, yes] }] } }, false],
    [{ And: [{ Variable: '$.absent', IsPresent: true }, absent] }, false],
  ])('%j: %s', (rule, expected) => {
    expect(holds(rule)).toBe(expected);
  });
});

describe('a Choice', () => {
  it('takes the first rule that holds', () => {
    const rules = ['A', 'B'].map((Next) => ({ Variable: '$.on', BooleanEquals: true, Next }));
    const states = { Look: { Type: 'Choice', Choices: rules }, A: { Type: 'Succeed' }, B: { Type: 'Succeed' } };
    expect(interpret({ StartAt: 'Look', States: states }, input).entered).toEqual(['Look', 'A']);
  });

  it('fails with States.NoChoiceMatched when no rule holds and there is no Default', () => {
    const states = { Look: { Type: 'Choice', Choices: [{ Variable: '$.on', BooleanEquals: false, Next: 'A' }] }, A: { Type: 'Succeed' } };
    const { ending } = interpret({ StartAt: 'Look', States: states }, input);
    expect(ending).toEqual(failure('States.NoChoiceMatched', 'No rule of the Choice holds and it has no Default'));
  });

  it('looks at what InputPath leaves and passes on what OutputPath leaves', () => {
    const Look = {
      Type: 'Choice',
      InputPath: '$.other',
      OutputPath: '$.number',
      Choices: [{ Variable: '$.on', BooleanEquals: false, Next: 'A' }],
    };
    const { ending } = interpret({ StartAt: 'Look', States: { Look, A: { Type: 'Succeed' } } }, input);
    expect(ending).toEqual({ status: 'SUCCEEDED', output: 4 });
  });
});
