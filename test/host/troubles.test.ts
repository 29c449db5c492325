import { afterAll, beforeAll, describe } from '@jest/globals';
import { type Host, startHost } from './host.ts';
import { cluster, machine, platforms } from './manifests.ts';
import { badCredentials } from './troubles/bad-credentials.ts';
import { conditions } from './troubles/conditions.ts';
import { foreignNodes } from './troubles/foreign-nodes.ts';
import { missingClass } from './troubles/missing-class.ts';
import { unknownKeys } from './troubles/unknown-keys.ts';

describe('in trouble', () => {
  let plane: Host;
  const host = (): Host => plane;

  beforeAll(async () => {
    plane = await startHost('--boot-seconds', '0.5');
    await plane.apply(
      cluster('one', [plane.endpoints().reservedAddresses.gce[0]!]),
      machine('one-master-0', { cluster: 'one', platform: platforms.gce, set: 'master' }),
      machine('one-worker', { cluster: 'one', platform: platforms.aws }),
    );
  });
  afterAll(() => plane.close());

  describe('credentials that do not do', () => badCredentials(host));

  describe('a MachineClass that does not exist', () => missingClass(host));

  describe('when machines must be quick to join', () => {
    beforeAll(() => plane.crash('--boot-seconds', '0.5', '--join-timeout', '2'));

    describe('what only other objects can show', () => conditions(host));
    describe('a node that is not of this cluster', () => foreignNodes(host));
  });

  describe('a key that the platform does not know, in platform.config', () => unknownKeys(host));
});
