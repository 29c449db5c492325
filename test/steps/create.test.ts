import { beforeEach, describe, expect, it } from '@jest/globals';
import { Invalid, NotFound, RetryLater } from '../../shared/errors.ts';
import { secret } from '../../shared/kinds/core/secret.ts';
import type { MachineObject } from '../../shared/kinds/machine/kind.ts';
import { ensureInstance } from '../../shared/steps/machine/ensure-instance.ts';
import { renderBootstrap } from '../../shared/steps/machine/render-bootstrap.ts';
import { toSecretData } from '../../shared/steps/secrets.ts';
import { aMaster, aWorker, newObject } from '../plane/objects.ts';
import { type Stage, stage } from './stage.ts';

let plane: Stage;
beforeEach(async () => {
  plane = await stage();
});

describe('RenderBootstrap', () => {
  it('renders once: what a machine boots with never changes under it', async () => {
    await plane.raise();
    const worker = await plane.put(aWorker('c', 'w'));
    expect(await plane.ask(renderBootstrap, worker)).toEqual({
      settled: true,
      says: 'rendered the worker config into Secret w-bootstrap-data',
    });
    const made = await plane.store.get(secret, { namespace: 'default', name: 'w-bootstrap-data' });
    expect(made?.metadata.ownerReferences).toMatchObject([{ kind: 'Machine', uid: worker.metadata.uid }]);
    expect(await plane.ask(renderBootstrap, worker)).toEqual({ settled: true, says: 'Secret w-bootstrap-data exists' });
    expect(await plane.store.get(secret, { namespace: 'default', name: 'w-bootstrap-data' })).toEqual(made);
  });

  it('refuses a Secret of somebody else', async () => {
    await plane.raise();
    await plane.store.create(secret, newObject(secret, { name: 'w-bootstrap-data' }, { data: {} }));
    await expect(plane.ask(renderBootstrap, await plane.put(aWorker('c', 'w')))).rejects.toThrow(
      'Secret w-bootstrap-data exists and is not of this Machine: delete it, or name the Machine otherwise',
    );
  });

  it('ends when its Machine is being deleted, or is another of the same name', async () => {
    const worker = await plane.put(aWorker('c', 'w'));
    expect(await plane.ask(renderBootstrap, worker, { uid: 'former' })).toMatchObject({ superseded: true, says: 'Machine w is gone' });
    await plane.leave('w');
    expect(await plane.ask(renderBootstrap, worker)).toMatchObject({ superseded: true, says: 'Machine w is being deleted' });
  });
});

describe('EnsureInstance', () => {
  async function rendered(object: MachineObject): Promise<MachineObject> {
    const put = await plane.put(object);
    const data = toSecretData({
      value: JSON.stringify({ bundle: 'b', role: 'worker', name: object.metadata.name, uid: put.metadata.uid }),
    });
    await plane.store.create(secret, newObject(secret, { name: `${object.metadata.name}-bootstrap-data` }, { data }));
    return put;
  }

  it('writes the key of the request down before it is sent, and creates once', async () => {
    await plane.raise();
    const worker = await rendered(aWorker('c', 'w'));
    expect(await plane.ask(ensureInstance, worker)).toMatchObject({ settled: false, says: 'instance east-1 is Pending' });
    const { token } = (await plane.machine('w')).status!.providerStatus!;
    expect(plane.east.instances.map((instance) => instance.token)).toEqual([token]);
    await plane.ask(ensureInstance, worker);
    await plane.clock.advance(10_000);
    expect(await plane.ask(ensureInstance, worker)).toMatchObject({ settled: true });
    expect(plane.east.instances).toHaveLength(1);
    expect(await plane.machine('w')).toMatchObject({
      spec: { providerID: 'east:///east-1/east-1' },
      status: { phase: 'Provisioned', providerStatus: { runningSince: '2019-07-26T00:00:00.000Z' } },
    });
  });

  it('finds the instance of a try whose answer was lost', async () => {
    await plane.raise();
    const worker = await rendered(aWorker('c', 'w'));
    const { open } = plane.east;
    const deaf: typeof plane.east = {
      ...plane.east,
      open(options) {
        const provisioner = open(options);
        const ensure: typeof provisioner.machines.ensure = async (...args) => {
          const answer = await provisioner.machines.ensure(...args);
          if (answer.again) return answer;
          throw new RetryLater('the reply was lost');
        };
        return { ...provisioner, machines: { ...provisioner.machines, ensure } };
      },
    };
    const step: typeof ensureInstance = (input, ports) => ensureInstance(input, { ...ports, clouds: [deaf] });
    expect(await plane.ask(step, worker)).toMatchObject({ settled: false, says: 'the reply was lost' });
    expect(plane.east.instances).toHaveLength(1);
    await plane.ask(ensureInstance, worker);
    expect(plane.east.instances).toHaveLength(1);
    expect((await plane.machine('w')).spec.providerID).toBe('east:///east-1/east-1');
  });

  it('writes on the Cluster where it has machines, before there is one', async () => {
    await plane.raise();
    const worker = await rendered(aWorker('c', 'w'));
    await plane.ask(ensureInstance, worker);
    expect((await plane.cluster()).status?.providerStatus).toEqual({
      places: { 'east/east-1': { platform: 'east', config: { zone: 'east-1', image: 'talos-1' } } },
    });
  });

  it('opens the ports of a master while it boots, and is not done before they are open', async () => {
    await plane.raise();
    const master = await rendered(aMaster('c', 0));
    const { open } = plane.east;
    let stands = false;
    const slow: typeof plane.east = {
      ...plane.east,
      open: (options) => ({
        ...open(options),
        firewall: { ...open(options).firewall, ensure: async () => ({ settled: stands, says: 'makes the firewall', checkAgainIn: 2 }) },
      }),
    };
    const step: typeof ensureInstance = (input, ports) => ensureInstance(input, { ...ports, clouds: [slow] });
    expect(await plane.ask(step, master)).toMatchObject({ settled: false, says: 'instance east-1 is Pending' });
    expect(plane.east.instances).toMatchObject([{ external: '203.0.113.10' }]);
    await plane.clock.advance(10_000);
    expect(await plane.ask(step, master)).toMatchObject({ settled: false, says: 'makes the firewall' });
    stands = true;
    expect(await plane.ask(step, master)).toMatchObject({ settled: true });
  });

  it('does not take an address that nobody reserved', async () => {
    await plane.raise({}, ['192.0.2.1']);
    const master = await rendered(aMaster('c', 0));
    await expect(plane.ask(ensureInstance, master)).rejects.toThrow(NotFound);
    expect(plane.east.instances).toEqual([]);
  });

  it('does not make a machine twice', async () => {
    await plane.raise();
    const worker = await rendered(aWorker('c', 'w'));
    await plane.ask(ensureInstance, worker);
    plane.east.vanish('w');
    await expect(plane.ask(ensureInstance, worker)).rejects.toThrow(Invalid);
    await plane.clock.advance(60_000);
    await expect(plane.ask(ensureInstance, worker)).rejects.toThrow(Invalid);
    expect(plane.east.instances).toHaveLength(1);
  });

  it('says which key of the config is wrong', async () => {
    await plane.raise();
    const object = aWorker('c', 'w');
    const value = { ...object.spec.providerSpec.value!, platform: { type: 'east', config: 'image: talos-1\n' } };
    const worker = await rendered({ ...object, spec: { ...object.spec, providerSpec: { value } } });
    await expect(plane.ask(ensureInstance, worker)).rejects.toThrow(/^spec\.providerSpec\.value\.platform\.config\.zone: /);
  });
});
