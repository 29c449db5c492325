import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Fault } from '../../infra/local/clouds/faults.ts';
import type { Memo, Provisioner } from '../../shared/provisioners/provisioner.ts';
import { create, desired, type Harness, stored, until } from './harness.ts';

/** What every cloud promises when much goes wrong at once. */
export function chaosConformance<Config>(opened: () => { h: Harness<Config>; provisioner: Provisioner<Config> }): void {
  it('ends with exactly one instance, and after deletion with none, whatever goes wrong on the way', async () => {
    const { h, provisioner } = opened();
    const fault: fc.Arbitrary<Fault> = fc.oneof(
      fc.record({ cut: fc.constantFrom('before' as const, 'after' as const), after: fc.nat(2) }),
      fc.record({ status: fc.constant(503), code: fc.constant('ServiceUnavailable'), after: fc.nat(2) }),
      // Twins come of this: the reply is lost, or what it said, and the next look does not see what was made.
      fc.record({
        match: fc.constant(h.createCall),
        hideFor: fc.integer({ min: 1, max: 6 }),
        cut: fc.constantFrom(undefined, 'after' as const),
      }),
      fc.constant({ ...h.throttled }),
      fc.constant({ ...h.capacity }),
    );
    const call = fc.record({ faults: fc.array(fault, { maxLength: 2 }), dies: fc.boolean(), waits: fc.nat(3) });
    let index = 1000;
    await fc.assert(
      fc.asyncProperty(fc.array(call, { minLength: 2, maxLength: 6 }), fc.array(call, { maxLength: 4 }), async (making, deleting) => {
        const machine = desired(h.config, 'worker', index++);
        let memo: Memo | undefined;
        for (const { faults, dies, waits } of making) {
          h.faults.add(...faults);
          const step = await provisioner.machines.ensure(machine, memo).catch(() => undefined);
          if (!dies && step !== undefined) memo = stored(step.memo);
          await h.clock.advance(waits * 1000);
        }
        h.faults.clear();
        // A lack of machines may come to light only after the call, and is reported for a while.
        await h.clock.advance(60_000);
        const made = await create(h, provisioner, machine, () => false, memo);
        expect(h.creations().filter((creation) => creation.tags[h.uidTag] === machine.machine.uid)).toHaveLength(1);
        expect(h.instances().filter((instance) => instance.machineUid === machine.machine.uid)).toHaveLength(1);

        for (const { faults, dies } of deleting) {
          h.faults.add(...faults);
          await provisioner.machines.delete(machine, dies ? undefined : made.memo).catch(() => undefined);
        }
        h.faults.clear();
        await until(
          h,
          () => provisioner.machines.delete(machine, made.memo),
          (step) => step.gone,
        );
        expect(h.remains()).toEqual([]);
      }),
      { numRuns: 25, seed: 20190726 },
    );
  });
}
