import { describe, expect, it } from '@jest/globals';
import { cluster } from '../../shared/kinds/cluster/kind.ts';
import { secret } from '../../shared/kinds/core/secret.ts';
import { systemNamespace } from '../../shared/kinds/fields.ts';
import { machine } from '../../shared/kinds/machine/kind.ts';
import { allAreReady, applyCluster, nothingIsLeft, raiseCluster, whyNotReady } from './look.ts';
import { credentialsOf } from './objects.ts';
import { type Simulation, simulate } from './simulation.ts';

const west = { namespace: systemNamespace, name: 'west-credentials' };

const westWorkers = async (plane: Simulation) =>
  (await plane.machines()).filter(({ spec }) => spec.providerSpec.value?.platform.type === 'west');

const sayOf = (plane: Simulation, words: string) => async (): Promise<boolean> => {
  const found = await westWorkers(plane);
  return found.length > 0 && found.every((one) => whyNotReady(one).includes(words)) && plane.executions().every(isOver);
};
const isOver = ({ status }: { status: string }): boolean => status !== 'RUNNING';

const token = (text: string) => ({ token: Buffer.from(text).toString('base64') });

describe('credentials', () => {
  it('that are missing are named on the Machine, which comes up as soon as they are there', async () => {
    const plane = await simulate({ credentials: ['east'] });
    await applyCluster(plane, { workers: { east: 1, west: 2 } });
    await plane.until(
      'it is said which Secret and key',
      sayOf(plane, `Secret ${systemNamespace}/west-credentials does not exist: create it with the key token`),
      120,
    );
    await plane.pass(3 * 3_600);
    expect((await westWorkers(plane)).map(whyNotReady)).toEqual(Array(2).fill(expect.stringMatching(/^CredentialsRefused: /)));
    await plane.apply(secret, credentialsOf('west', 'good'));
    await plane.until('4 machines are ready', allAreReady(plane, 4), 90);
    plane.end();
  });

  it.each([
    ['has no such key', { other: 'eA==' }, 'has no key token: add it'],
    ['cannot be read', token('NOT A TOKEN'), 'key token: the token has characters that no token has'],
    ['is refused by the cloud', token('stolen'), 'key token: 401: the token is not known'],
  ])('whose Secret %s are named, and taken up as soon as they are mended', async (_, data, words) => {
    const plane = await simulate({ credentials: ['east'] });
    await plane.apply(secret, { ...credentialsOf('west', 'good'), data });
    await applyCluster(plane, { workers: { east: 1, west: 1 } });
    await plane.until('it is said what is wrong', sayOf(plane, words), 120);
    await plane.change(secret, west, (object) => ({ ...object, data: token('good') }));
    await plane.until('3 machines are ready', allAreReady(plane, 3), 90);
    plane.end();
  });

  it('that are refused are not tried again until they change', async () => {
    const plane = await simulate();
    plane.clouds.west.letIn('another');
    await applyCluster(plane, { workers: { east: 1, west: 2 } });
    await plane.until('they are refused', sayOf(plane, '401'), 120);
    // The minute's look at what there is in this cloud asks once, too.
    await plane.pass(120);
    const calls = plane.clouds.west.calls();
    expect(calls).toBeLessThanOrEqual(3);
    await plane.pass(5 * 3_600);
    expect(plane.clouds.west.calls()).toBe(calls);
    // A change that does not help costs each of the three one more call.
    await plane.change(secret, west, (object) => ({ ...object, data: token('stillwrong') }));
    await plane.pass(3_600);
    expect(plane.clouds.west.calls() - calls).toBe(3);
    plane.end();
  });

  it('that are refused while a Machine is deleted hold it until they are mended', async () => {
    const plane = await simulate();
    await raiseCluster(plane, { workers: { west: 1 } });
    plane.clouds.west.letIn('another');
    const [worker] = await westWorkers(plane);
    await plane.remove(machine, worker!.metadata.name);
    await plane.pass(600);
    expect(whyNotReady(await plane.get(machine, worker!.metadata.name))).toContain('401: the token is not known');
    await plane.change(secret, west, (object) => ({ ...object, data: token('another') }));
    await plane.until('another worker took its place', allAreReady(plane, 2), 300);
    plane.end();
  });

  it('that are missing do not hold a cluster that never had a machine in that cloud', async () => {
    const plane = await simulate({ credentials: ['east'] });
    await applyCluster(plane, { workers: { east: 1, west: 1 } });
    await plane.until('the west is refused', sayOf(plane, 'does not exist'), 120);
    await plane.remove(cluster, 'c');
    await plane.until('nothing is left', () => nothingIsLeft(plane));
    plane.end();
  });
});
