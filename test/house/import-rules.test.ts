import { describe, expect, it } from '@jest/globals';
import { findBreaches } from './find-breaches.ts';

const breachesOf = (path: string, text: string) => findBreaches([{ path, text }]);

describe('the import rules', () => {
  it.each([
    ['a kind that opens a client', 'shared/kinds/machine/plan.ts', "import { EC2Client } from '@aws-sdk/client-ec2';"],
    ['a kind that reads a file', 'shared/kinds/machine/plan.ts', "import { readFileSync } from 'node:fs';"],
    ['a kind that knows a provisioner', 'shared/kinds/machine/plan.ts', "import { aws } from '../../provisioners/aws/cloud.ts';"],
    ['a provisioner that knows another', 'shared/provisioners/aws/ensure.ts', "import { x } from '../gce/cloud.ts';"],
    ['the engine that knows a store', 'shared/reconcile/reconcile.ts', "import { createDynamoStore } from '../store/dynamodb.ts';"],
    ['a step that names a cloud', 'shared/steps/machine/await-node.ts', "import { gce } from '../../provisioners/gce/cloud.ts';"],
    ['shared code that knows a host', 'shared/api/api.ts', "import { x } from '../../infra/local/plane.ts';"],
    ['the API that loads an SDK', 'shared/api/api.ts', "const x = await import('@aws-sdk/client-ec2');"],
    ['a type from where it may not come', 'shared/kinds/machine/plan.ts', "import type { Store } from '../../store/store.ts';"],
    ['a file that no rule knows', 'elsewhere/x.ts', ''],
    ['a kind that asks for the time', 'shared/kinds/machine/plan.ts', 'const now = Date.now();'],
    ['a step that draws lots', 'shared/steps/step.ts', 'const x = Math.random();'],
  ])('refuse %s', (_what, path, text) => {
    expect(breachesOf(path, text)).toHaveLength(1);
  });

  it.each([
    [
      'a kind that uses zod and a neighbour',
      'shared/kinds/machine/plan.ts',
      "import * as z from 'zod';\nimport { keys } from '../fields.ts';",
    ],
    ['a function that composes', 'functions/machine.ts', "import { apiDoor } from '../shared/lambda/http.ts';"],
    ['a host that names an implementation', 'infra/local/plane.ts', "import { createDynamoStore } from '../../shared/store/dynamodb.ts';"],
    ['a comment that speaks of Date.now()', 'shared/kinds/machine/plan.ts', '// never Date.now()'],
  ])('let %s pass', (_what, path, text) => {
    expect(breachesOf(path, text)).toEqual([]);
  });
});
