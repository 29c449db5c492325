import { beforeEach, describe, expect, it } from '@jest/globals';
import type { BootstrapMachine } from '../../shared/bootstrap/bootstrap.ts';
import type { MachineStatus } from '../../shared/kinds/machine/model.ts';
import { observeInstances } from '../../shared/steps/cluster/observe-instances.ts';
import { ensureInstance } from '../../shared/steps/machine/ensure-instance.ts';
import { renderBootstrap } from '../../shared/steps/machine/render-bootstrap.ts';
import { aClassWorker, aMachineClass } from '../plane/objects.ts';
import { places } from './east.ts';
import { type Stage, stage } from './stage.ts';

let plane: Stage;
beforeEach(async () => {
  plane = await stage();
});

const { providerSpec } = aMachineClass('large', 'east');

/** A worker that took this from its class, which is gone by now. */
const worker = (more: Partial<typeof providerSpec> = {}, status: MachineStatus = {}) =>
  plane.put(aClassWorker('c', 'w', 'large'), { providerSpec: { ...providerSpec, ...more }, ...status });

describe('a Machine that was made of a MachineClass', () => {
  it('boots with the version and the patches of the class', async () => {
    await plane.raise();
    const rendered: BootstrapMachine[] = [];
    const renderMachine: typeof plane.bootstrap.renderMachine = (_, machine) => {
      rendered.push(machine);
      return '{}';
    };
    const machine = await worker({ talosVersion: 'v1.12', configPatches: ['machine: {}'] });
    const { namespace = '', name, uid = '' } = machine.metadata;
    const input = { kind: 'Machine', namespace, name, uid, execution: 'create-1' };
    await renderBootstrap(input, { ...plane, bootstrap: { ...plane.bootstrap, renderMachine } });
    expect(rendered).toMatchObject([{ name: 'w', talosVersion: 'v1.12', patches: ['machine: {}'] }]);
  });

  it('says which key is wrong, by the path at which it stands', async () => {
    await plane.raise();
    const machine = await worker({ platform: { type: 'east', config: 'zone: 3\nimage: talos-1\n' } });
    await expect(plane.ask(ensureInstance, machine)).rejects.toThrow('status.providerSpec.platform.config.zone: ');
  });

  it('has failed when it lost its instance', async () => {
    await plane.raise({ providerStatus: { places } });
    const machine = aClassWorker('c', 'w', 'large');
    await plane.put({ ...machine, spec: { ...machine.spec, providerID: 'east:///east-1/east-9' } }, { providerSpec });
    await plane.clock.advance(20_000);
    expect(await plane.ask(observeInstances, await plane.cluster(), { platform: 'east' })).toMatchObject({
      says: '0 instances in east, 1 machines lost theirs, 0 instances lost their machine',
    });
    expect((await plane.machine('w')).status?.errorReason).toBe('UpdateError');
  });
});
