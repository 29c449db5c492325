import { describe, expect, it } from '@jest/globals';
import { hidingFrom } from '../../../shared/api/authorize/hide.ts';
import type { KubeObject } from '../../../shared/kinds/object.ts';
import type { Change } from '../../../shared/store/store.ts';

type Step = readonly [type: Change<KubeObject>['type'], visible: boolean, told: string | undefined, labelsVersion?: string];

const object: KubeObject = {
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name: 'x', uid: 'u', labels: { a: 'b' }, annotations: { copy: 'content' } },
  data: { key: 'content' },
};

describe('what a watcher hears of an object', () => {
  it.each<[string, string | undefined, readonly Step[]]>([
    [
      'that is always shown',
      undefined,
      [
        ['ADDED', true, 'ADDED'],
        ['MODIFIED', true, 'MODIFIED'],
        ['DELETED', true, 'DELETED'],
      ],
    ],
    [
      'that is always hidden',
      undefined,
      [
        ['ADDED', false, undefined],
        ['MODIFIED', false, undefined, '7'],
        ['DELETED', false, undefined],
      ],
    ],
    [
      'that is hidden and shown again',
      undefined,
      [
        ['ADDED', true, 'ADDED'],
        ['MODIFIED', false, 'DELETED', '6'],
        ['MODIFIED', true, 'ADDED', '7'],
      ],
    ],
    [
      'that is shown and goes at once',
      undefined,
      [
        ['ADDED', false, undefined],
        ['DELETED', true, undefined],
      ],
    ],
    [
      'that is hidden and goes at once',
      undefined,
      [
        ['ADDED', true, 'ADDED'],
        ['DELETED', false, 'DELETED'],
      ],
    ],
    [
      'on the list, then hidden',
      '5',
      [
        ['MODIFIED', false, 'DELETED', '6'],
        ['MODIFIED', false, undefined, '7'],
      ],
    ],
    [
      'hidden since before the list',
      '5',
      [
        ['MODIFIED', false, undefined, '4'],
        ['DELETED', false, undefined],
      ],
    ],
    [
      'made after the list, hidden',
      '5',
      [
        ['ADDED', false, undefined],
        ['MODIFIED', false, undefined, '6'],
      ],
    ],
  ])('%s', (_, from, steps) => {
    const hide = hidingFrom(from);
    const heard = steps.map(([type, visible, , labelsVersion]) =>
      hide({ type, resourceVersion: '9', object, ...(labelsVersion && { labelsVersion }) }, visible),
    );
    expect(heard.map((change) => change?.type)).toEqual(steps.map(([, , told]) => told));
    const hiddenOnes = heard.filter((change, i) => change !== undefined && !steps[i]![1]);
    expect(JSON.stringify(hiddenOnes)).not.toContain('content');
  });
});
