import { describe } from '@jest/globals';
import fc from 'fast-check';
import { jsonPatchType, merge, paths, strategic } from '../harness.ts';
import type { Effort } from './effort.ts';
import { awkwardValue, mutated } from './generate.ts';
import { ground } from './ground.ts';
import { anyBody, applyType, target } from './requests.ts';
import { seeds } from './seeds.ts';

/** Patches of every type. */
export function fuzzPatches(effort: Effort): void {
  describe('no patch breaks the API:', () => {
    const { check, run } = ground(effort);

    run('merge patches', anyBody(seeds), ({ collection, body }) => check('PATCH', `${collection}/f`, body, merge), effort.patches);

    run(
      'strategic merge patches',
      anyBody(seeds),
      ({ collection, body }) => check('PATCH', `${collection}/f`, body, strategic),
      effort.patches,
    );

    run(
      'JSON patches',
      fc.tuple(fc.constantFrom(...seeds), fc.array(operation, { maxLength: 5 })),
      ([{ collection }, body]) => check('PATCH', `${collection}/f`, body, jsonPatchType),
      effort.patches,
    );

    run(
      'applies',
      fc.tuple(anyBody(seeds), fc.nat(14), fc.boolean()),
      ([{ collection, body }, manager, force]) =>
        check('PATCH', `${target('PATCH', collection, body.metadata?.name)}?fieldManager=m${manager}&force=${force}`, body, applyType),
      effort.patches,
    );

    run(
      'scales',
      fc.tuple(mutated([scale, { spec: { replicas: 2 } }]), fc.constantFrom(merge, applyType, jsonPatchType)),
      ([body, type]) => check('PATCH', `${paths.deployments}/f/scale?fieldManager=m`, body, type),
      effort.others,
    );
  });
}

const pointer = fc.constantFrom(
  ...[
    '',
    '/',
    '/data',
    '/data/a',
    '/data/-',
    '/data/~01',
    '/metadata',
    '/metadata/name',
    '/metadata/labels',
    '/metadata/labels/a',
    '/spec',
  ],
  ...[
    '/metadata/finalizers',
    '/metadata/finalizers/0',
    '/metadata/finalizers/-',
    '/metadata/finalizers/9',
    '/metadata/managedFields',
    '/spec/x',
  ],
  ...[
    '/metadata/__proto__',
    '/constructor/prototype',
    '/kind',
    '/apiVersion',
    '/status',
    'x',
    '/metadata/resourceVersion',
    '/rules/0/verbs',
  ],
);
const operation = fc.record(
  { op: fc.constantFrom('add', 'remove', 'replace', 'move', 'copy', 'test', 'x'), path: pointer, from: pointer, value: awkwardValue },
  { requiredKeys: ['op', 'path'] },
);
const scale = { apiVersion: 'autoscaling/v1', kind: 'Scale', metadata: { name: 'f' }, spec: { replicas: 3 } };
