import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { readChart, transitionsOf } from '../../infra/graphs/read-chart.ts';
import type { StateMachine } from '../../shared/kinds/states-language.ts';
import { sequence, step, until } from '../../shared/kinds/workflow.ts';
import { sequences } from './sequences.ts';

const { definition } = sequence('make', [step('Render'), until('Ensure', { cloud: true, comment: 'Asks the cloud' }), until('Await')], {
  comment: 'Makes one.',
});

describe('the chart of a state machine', () => {
  it('has its steps in one column, and beside them how they are asked again', () => {
    expect(readChart('make', definition)).toMatchObject({
      name: 'make',
      comment: 'Makes one.',
      steps: [
        { name: 'Render', cloud: false, fails: true },
        { name: 'Ensure', comment: 'Asks the cloud', cloud: true, fails: true, look: 'Ensure settled?', pause: 'Pause before Ensure' },
        { name: 'Await', cloud: false, fails: true, look: 'Await settled?', pause: 'Pause before Await' },
      ],
      end: { name: 'Done' },
      earlyEnds: [{ name: 'Superseded' }, { name: 'HandedOver' }],
      failureExit: [{ name: 'RecordFailure' }, { name: 'Failed' }],
    });
    expect(readChart('make', definition).steps[0]).not.toHaveProperty('look');
  });

  it('does not go by names', () => {
    const renamed = JSON.parse(
      JSON.stringify(definition).replaceAll(/Superseded|HandedOver|Done|settled\?|Pause before/g, (name) => name.length + name[0]!),
    );
    const { steps, end, earlyEnds } = readChart('make', renamed);
    expect(steps[1]).toMatchObject({ name: 'Ensure', look: 'Ensure 8s', pause: '12P Ensure' });
    expect([end, ...earlyEnds].map(({ name }) => name)).toEqual(['4D', '10S', '10H']);
  });

  it('tells each transition of the definition, once', () => {
    fc.assert(
      fc.property(sequences, (workflow) => {
        const { States } = workflow.definition;
        const told = transitionsOf(readChart(workflow.name, workflow.definition)).map(([from, to]) => `${from} -> ${to}`);
        const written = JSON.stringify(Object.values(States)).match(/"(Next|Default)":/g) ?? [];
        expect(told).toHaveLength(written.length);
        expect(new Set(told).size).toBe(told.length);
      }),
    );
  });

  const end = { Type: 'Succeed' } as const;
  const wait = (Next: string) => ({ Type: 'Wait', Seconds: 1, Next }) as const;
  const task = (Next: string, caught?: string) =>
    ({ Type: 'Task', Resource: 'x', Next, ...(caught && { Catch: [{ ErrorEquals: ['States.ALL'], Next: caught }] }) }) as const;
  const choice = (Next: string, Default: string) =>
    ({ Type: 'Choice', Choices: [{ Variable: '$.a', IsPresent: true, Next }], Default }) as const;

  it('may have a Wait among its steps', () => {
    const chart = readChart('x', { StartAt: 'Rest', States: { Rest: wait('End'), End: end } });
    expect(chart).toMatchObject({ steps: [{ name: 'Rest' }], end: { name: 'End' }, earlyEnds: [], failureExit: [] });
  });

  it.each<[string, StateMachine['States'], string]>([
    ['a way past a step', { A: task('Look'), Look: choice('B', 'End'), B: task('End'), End: end }, 'Look -> End'],
    ['a loop over two steps', { A: task('B'), B: task('Look'), Look: choice('End', 'Rest'), Rest: wait('A'), End: end }, 'Look -> Rest'],
    ['two failure exits', { A: task('B', 'Bad'), B: task('End', 'Worse'), End: end, Bad: end, Worse: end }, 'B -> Bad'],
    [
      'looks with ends of their own',
      { A: task('L'), L: choice('B', 'X'), B: task('M'), M: choice('End', 'Y'), End: end, X: end, Y: end },
      'L -> Y',
    ],
  ])('refuses %s, and says where it is', (_what, States, where) => {
    expect(() => readChart('odd', { StartAt: 'A', States })).toThrow(
      `odd cannot be drawn as one column with early ends and a failure exit: see ${where}`,
    );
  });
});
