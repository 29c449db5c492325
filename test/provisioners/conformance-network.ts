import { beforeEach, describe, expect, it } from '@jest/globals';
import type { Provisioner } from '../../shared/provisioners/provisioner.ts';
import { cluster, create, desired, type Harness, until } from './harness.ts';

/** What every cloud promises of reserved addresses and of the ports of masters. */
export function networkConformance<Config>(opened: () => { h: Harness<Config>; provisioner: Provisioner<Config> }): void {
  describe('addresses and firewall', () => {
    let h: Harness<Config>;
    let provisioner: Provisioner<Config>;
    beforeEach(() => {
      ({ h, provisioner } = opened());
    });

    it('knows the reserved address, and that another is not there', async () => {
      expect(await provisioner.addresses.get(h.reservedAddress, h.config)).toEqual({ address: h.reservedAddress });
      expect(await provisioner.addresses.get('127.0.0.99', h.config)).toBeUndefined();
    });

    it('gives a master the reserved address, and gives it back unreleased', async () => {
      const master = { ...desired(h.config, 'master', 0), address: h.reservedAddress };
      await until(
        h,
        () => provisioner.firewall.ensure(cluster, h.config),
        (step) => step.settled,
      );
      const { memo, instance } = await create(h, provisioner, master);
      const where = { ...master, providerID: instance!.providerID };
      await until(
        h,
        () => provisioner.addresses.attach(h.reservedAddress, where),
        (step) => step.settled,
      );
      expect(await provisioner.addresses.get(h.reservedAddress, h.config)).toMatchObject({ usedBy: instance!.id });
      const addresses = (await provisioner.machines.get(where))?.addresses;
      expect(addresses).toContainEqual({ type: 'ExternalIP', address: h.reservedAddress });

      await provisioner.addresses.detach(h.reservedAddress, where);
      await provisioner.addresses.detach(h.reservedAddress, where);
      expect(h.userOf(h.reservedAddress)).toBeUndefined();
      await until(
        h,
        () => provisioner.machines.delete(where, memo),
        (step) => step.gone,
      );
      await until(
        h,
        () => provisioner.firewall.delete(cluster, h.config),
        (step) => step.gone,
      );
      expect(h.userOf(h.reservedAddress)).toBeUndefined();
      expect(h.remains()).toEqual([]);
    });

    it('does not take the address from the machine that has it', async () => {
      const masters = [0, 1].map((index) => ({ ...desired(h.config, 'master', index), address: h.reservedAddress }));
      await until(
        h,
        () => provisioner.firewall.ensure(cluster, h.config),
        (step) => step.settled,
      );
      const { instance } = await create(h, provisioner, masters[0]!);
      await until(
        h,
        () => provisioner.addresses.attach(h.reservedAddress, masters[0]!),
        (step) => step.settled,
      );
      await create(h, provisioner, masters[1]!).catch(() => undefined);
      await provisioner.addresses.attach(h.reservedAddress, masters[1]!).catch(() => undefined);
      await provisioner.addresses.detach(h.reservedAddress, masters[1]!);
      expect(h.userOf(h.reservedAddress)).toBe(instance!.id);
    });

    it('opens the ports once however often it is asked, and closes them again', async () => {
      for (let call = 0; call < 6; call++) {
        h.faults.clear();
        h.faults.add({ cut: 'after', after: call });
        await until(
          h,
          () => provisioner.firewall.ensure(cluster, h.config),
          (step) => step.settled,
        );
      }
      h.faults.clear();
      expect(h.remains()).toHaveLength(1);
      await until(
        h,
        () => provisioner.firewall.delete(cluster, h.config),
        (step) => step.gone,
      );
      expect(h.remains()).toEqual([]);
      expect(await provisioner.firewall.delete(cluster, h.config)).toMatchObject({ gone: true });
    });
  });
}
