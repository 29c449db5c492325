import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { Creation } from '../../infra/local/clouds/cloud-state.ts';
import type { Fault } from '../../infra/local/clouds/faults.ts';
import { Invalid, OutOfCapacity, QuotaExceeded, Refused, RetryLater } from '../../shared/errors.ts';
import type { DesiredInstance, Ensured, Provisioner } from '../../shared/provisioners/provisioner.ts';
import { chaosConformance } from './conformance-chaos.ts';
import { networkConformance } from './conformance-network.ts';
import { cluster, create, desired, type Harness, openProvisioner, settlingSeconds, until } from './harness.ts';

export type { Harness } from './harness.ts';

/** What every cloud promises, whatever its fake does: the same words for all of them. */
export function provisionerConformance<Config>(name: string, open: () => Promise<Harness<Config>>): void {
  describe(`a provisioner: ${name}`, () => {
    let h: Harness<Config>;
    let provisioner: Provisioner<Config>;
    beforeEach(async () => {
      h = await open();
      provisioner = openProvisioner(h);
    });
    afterEach(async () => {
      provisioner.close();
      await h.close();
    });

    const worker = (index = 0): DesiredInstance<Config> => desired(h.config, 'worker', index);
    const creationsOf = (machine: DesiredInstance<Config>): readonly Creation[] =>
      h.creations().filter((creation) => creation.tags[h.uidTag] === machine.machine.uid);

    describe('ensure', () => {
      it('only returns a memo at first, so that it can be written down before anything exists', async () => {
        const first = await provisioner.machines.ensure(worker(), undefined);
        expect(first).toMatchObject({ settled: false, again: true });
        expect(h.creations()).toHaveLength(0);
      });

      it('keeps user data out of the memo, and the memo small', async () => {
        const { memo } = await create(h, provisioner, worker());
        expect(JSON.stringify(memo)).not.toContain('very secret');
        expect(JSON.stringify(memo).length).toBeLessThan(2_000);
      });

      it('creates one instance that runs, with its disk and its addresses', async () => {
        const { instance } = await create(h, provisioner, worker());
        expect(instance).toMatchObject({
          state: 'Running',
          machineUid: worker().machine.uid,
          machineName: worker().machine.name,
          clusterUid: cluster.uid,
        });
        expect(instance?.addresses.map((a) => a.type)).toEqual(expect.arrayContaining(['InternalIP', 'ExternalIP', 'Hostname']));
        expect(h.instances()).toMatchObject([{ machineUid: worker().machine.uid, diskGb: [10] }]);
      });

      it('finds the instance again when all that it wrote down is lost', async () => {
        const { instance } = await create(h, provisioner, worker());
        const again = await create(h, provisioner, worker());
        expect(again.instance?.providerID).toBe(instance?.providerID);
        expect(creationsOf(worker())).toHaveLength(1);
      });

      const mishaps: [string, (h: Harness<Config>) => Fault][] = [
        ['loses the reply of', () => ({ cut: 'after' })],
        ['breaks the connection before', () => ({ cut: 'before' })],
        ['answers 503 to', () => ({ status: 503, code: 'ServiceUnavailable' })],
        ['throttles', (harness) => harness.throttled],
      ];
      it.each(mishaps)('creates once when the cloud %s any one call', async (_, fault) => {
        for (let call = 0; call < 8; call++) {
          h.faults.clear();
          h.faults.add({ ...fault(h), after: call });
          await create(h, provisioner, worker(call));
          expect(creationsOf(worker(call))).toHaveLength(1);
        }
      });

      it('creates once when the caller dies after any one call, before it wrote down the memo', async () => {
        for (let dies = 0; dies < 5; dies++) {
          await create(h, provisioner, worker(dies), (call) => call === dies);
          expect(creationsOf(worker(dies))).toHaveLength(1);
        }
      });

      it('creates once when the cloud does not show the new instance for some reads', async () => {
        h.faults.add({ match: h.createCall, hideFor: 4 });
        const { instance } = await create(h, provisioner, worker());
        expect(instance?.state).toBe('Running');
        expect(creationsOf(worker())).toHaveLength(1);
      });

      it('creates once when the reply is lost and the instance stays hidden as well', async () => {
        h.faults.add({ match: h.createCall, hideFor: 4, cut: 'after' });
        await create(h, provisioner, worker());
        expect(creationsOf(worker())).toHaveLength(1);
      });

      it('says that the instance is gone, and makes no other, when somebody else deleted it', async () => {
        const { memo, instance } = await create(h, provisioner, worker());
        h.deleteBehindOurBack(instance!.id);
        await h.clock.advance(settlingSeconds * 2_000);
        const gone = await until(h, () => provisioner.machines.ensure({ ...worker(), providerID: instance!.providerID }, memo), isDeleted);
        expect(gone.settled).toBe(false);
        expect(creationsOf(worker())).toHaveLength(1);
      });

      it.each([
        ['OutOfCapacity', OutOfCapacity, (harness: Harness<Config>) => harness.capacity],
        ['QuotaExceeded', QuotaExceeded, (harness: Harness<Config>) => harness.quota],
      ])('says %s, and goes on when that has passed', async (_, expected, fault) => {
        h.faults.add(fault(h));
        await expect(create(h, provisioner, worker())).rejects.toBeInstanceOf(expected);
        await create(h, provisioner, worker());
        expect(creationsOf(worker())).toHaveLength(1);
      });

      it('says Invalid when the cloud will never make what the config asks for', async () => {
        await expect(create(h, provisioner, desired(h.impossible, 'worker', 0))).rejects.toBeInstanceOf(Invalid);
        expect(h.remains()).toEqual([]);
      });
    });

    describe('get', () => {
      it('answers undefined for what is not there', async () => {
        expect(await provisioner.machines.get(worker())).toBeUndefined();
      });

      it('finds by providerID and by the uid alone', async () => {
        const { instance } = await create(h, provisioner, worker());
        expect(await provisioner.machines.get(worker())).toEqual(instance);
        expect(await provisioner.machines.get({ ...worker(), providerID: instance!.providerID })).toEqual(instance);
      });

      it.each<[string, Fault]>([
        ['503', { status: 503, code: 'ServiceUnavailable', times: 9 }],
        ['nothing', { cut: 'before', times: 9 }],
      ])('throws RetryLater when the cloud answers %s, since it cannot tell', async (_, fault) => {
        h.faults.add(fault);
        await expect(provisioner.machines.get(worker())).rejects.toBeInstanceOf(RetryLater);
      });

      it('says Refused, without the credential, when the cloud does not know it', async () => {
        const stranger = openProvisioner(h, h.wrongCredentials);
        const refusal = await stranger.machines.get(worker()).catch((error: unknown) => error);
        stranger.close();
        expect(refusal).toBeInstanceOf(Refused);
        expect(String(refusal)).not.toContain('very secret');
      });

      it.each(['', 'not a credential'])('cannot be opened with %j for a credential', (text) => {
        expect(() => openProvisioner(h, text)).toThrow(Refused);
      });
    });

    describe('delete', () => {
      it('has nothing to do for a machine that never was', async () => {
        expect(await provisioner.machines.delete(worker(), undefined)).toMatchObject({ gone: true });
      });

      it('leaves no instance, disk or interface, and can be repeated', async () => {
        const { memo, instance } = await create(h, provisioner, worker());
        const where = { ...worker(), providerID: instance!.providerID };
        await until(
          h,
          () => provisioner.machines.delete(where, memo),
          (step) => step.gone,
        );
        expect(h.remains()).toEqual([]);
        expect(await provisioner.machines.delete(where, memo)).toMatchObject({ gone: true });
      });

      it('finds by the uid what was made without anything being written down', async () => {
        await create(h, provisioner, worker());
        await until(
          h,
          () => provisioner.machines.delete(worker(), undefined),
          (step) => step.gone,
        );
        expect(h.remains()).toEqual([]);
      });

      it('does not believe that nothing is there while the new instance may still be hidden', async () => {
        h.faults.add({ match: h.createCall, hideFor: 4, cut: 'after' });
        const { memo } = await provisioner.machines.ensure(worker(), undefined);
        await provisioner.machines.ensure(worker(), memo).catch(() => undefined);
        expect(h.creations()).toHaveLength(1);
        await until(
          h,
          () => provisioner.machines.delete(worker(), memo),
          (step) => step.gone,
        );
        expect(h.remains()).toEqual([]);
      });
    });

    describe('list', () => {
      it('finds every machine of the cluster, forgotten ones too, and no other cluster’s', async () => {
        for (const index of [0, 1, 2]) await create(h, provisioner, worker(index));
        const other = { ...cluster, uid: '7d6b9a52-0000-4000-8000-00000000ffff' };
        await create(h, provisioner, { ...worker(3), cluster: other });
        const uids = (await provisioner.machines.list(cluster, [h.config, h.config])).map((instance) => instance.machineUid);
        expect(uids.sort()).toEqual([0, 1, 2].map((index) => worker(index).machine.uid).sort());
        expect(await provisioner.machines.list(other, [h.config])).toHaveLength(1);
      });
    });

    networkConformance(() => ({ h, provisioner }));
    chaosConformance(() => ({ h, provisioner }));
  });
}

const isDeleted = (step: Ensured): boolean => step.instance?.state === 'Deleted';
