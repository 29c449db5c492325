import { describe, expect, it } from '@jest/globals';
import { BadOption, readOptions } from '../../../infra/aws/cost/options.ts';

describe('options of the estimate', () => {
  it('are ten idle clusters of ten machines when nothing is said', () => {
    expect(readOptions([])).toMatchObject({ clusters: 10, machines: 10, changesPerDay: 0, dashboard: false, vpc: false, json: false });
  });

  it('are read', () => {
    const args = ['--clusters', '3', '--machines', '0', '--changes-per-day', '0.5', '--dashboard', '--vpc', '--json'];
    expect(readOptions(args)).toMatchObject({ clusters: 3, machines: 0, changesPerDay: 0.5, dashboard: true, vpc: true, json: true });
  });

  it.each([
    [['--clusters', 'many'], '--clusters takes a whole number from 0 on, not "many"'],
    [['--clusters', '1.5'], '--clusters takes a whole number from 0 on, not "1.5"'],
    [['--machines', ''], '--machines takes a whole number from 0 on, not ""'],
    [['--machines=-1'], '--machines takes a whole number from 0 on, not "-1"'],
    [['--machines', 'Infinity'], '--machines takes a whole number from 0 on, not "Infinity"'],
    [['--changes-per-day=-2'], '--changes-per-day takes a number that is not negative, not "-2"'],
  ])('%j is answered in a sentence', (args, sentence) => {
    expect(() => readOptions(args)).toThrow(new BadOption(sentence));
  });

  it.each([
    [['--turbo'], '--turbo'],
    [['--clusters'], '--clusters'],
    [['ten'], 'ten'],
  ])('%j names what it does not understand', (args, named) => {
    expect(() => readOptions(args)).toThrow(BadOption);
    expect(() => readOptions(args)).toThrow(named);
    expect(() => readOptions(args)).toThrow('--help explains the options');
  });
});
