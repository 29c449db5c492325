import { cluster } from '../../shared/kinds/cluster/kind.ts';
import { secret } from '../../shared/kinds/core/secret.ts';
import { systemNamespace } from '../../shared/kinds/fields.ts';
import { machine } from '../../shared/kinds/machine/kind.ts';
import { machineDeployment } from '../../shared/kinds/machine-deployment/kind.ts';
import { aMaster, type CloudName, withImage } from './objects.ts';
import type { Simulation } from './simulation.ts';

export interface Meddler {
  /** Something that a user, an operator or a power cut does. */
  meddle(): Promise<void>;
  /** Undoes what nobody can live with. */
  mend(): Promise<void>;
}

/** `sizes` is how many workers there should be, and is kept up to date. */
export function meddler(plane: Simulation, sizes: Record<CloudName, number>, masters: number): Meddler {
  const { lot } = plane;
  const repairs: (() => Promise<unknown>)[] = [];
  /** What takes time, and a plane that works. */
  const rebuilding: (() => Promise<unknown>)[] = [];
  const anyCloud = (): CloudName => (lot.falls(0.5) ? 'east' : 'west');
  const isMaster = (name: string): boolean => name.startsWith('c-master-');

  async function anyWorker(): Promise<string | undefined> {
    const names = (await plane.machines()).map(({ metadata }) => metadata.name).filter((name) => !isMaster(name));
    return names[lot.between(0, names.length - 1)];
  }
  const pausing = (paused: boolean) => plane.change(cluster, 'c', (object) => ({ ...object, spec: { ...object.spec, paused } }));

  const deeds: readonly (() => Promise<unknown> | undefined)[] = [
    async function scale() {
      const platform = anyCloud();
      sizes[platform] = lot.between(platform === 'east' ? 1 : 0, 4);
      const replicas = sizes[platform];
      await plane.change(machineDeployment, `c-${platform}`, (deployment) => ({ ...deployment, spec: { ...deployment.spec, replicas } }));
    },
    async function deleteWorker() {
      const name = await anyWorker();
      if (name !== undefined) await plane.remove(machine, name);
    },
    async function rollOut() {
      const image = `talos-${lot.between(2, 3)}`;
      await plane.change(machineDeployment, `c-${anyCloud()}`, (deployment) => withImage(deployment, image));
    },
    function kill() {
      plane.kill();
    },
    async function silence() {
      const name = await anyWorker();
      if (name === undefined) return;
      plane.fleet.silence(name);
      repairs.push(async () => plane.fleet.silence(name, false));
    },
    async function pause() {
      await pausing(true);
      repairs.push(() => pausing(false));
    },
    function loseCredentials() {
      const { west } = plane.clouds;
      west.letIn('another');
      repairs.push(async () => {
        west.letIn('good');
        await touchCredentials();
      });
    },
    async function replaceMaster() {
      // Who deletes the only member of etcd has no cluster any more: the others must have joined.
      if (masters < 3 || plane.fleet.members().length < masters) return;
      const index = lot.between(0, masters - 1);
      const master = await plane.store.get(machine, { namespace: 'default', name: `c-master-${index}` });
      if (master === undefined || master.metadata.deletionTimestamp !== undefined) return;
      await plane.remove(machine, `c-master-${index}`);
      rebuilding.push(async () => {
        const gone = async () => (await plane.machines()).every(({ metadata }) => metadata.name !== `c-master-${index}`);
        await plane.until(`master ${index} is gone`, gone, 7_200);
        await plane.apply(machine, aMaster('c', index));
      });
    },
  ];

  /** Whoever was refused waits for the Secret to change. */
  const touchCredentials = () =>
    plane.change(secret, { namespace: systemNamespace, name: 'west-credentials' }, ({ metadata, ...object }) => ({
      ...object,
      metadata: { ...metadata, annotations: { ...metadata.annotations, mended: 'yes' } },
    }));

  return {
    async meddle() {
      await deeds[lot.between(0, deeds.length - 1)]?.();
    },
    async mend() {
      for (const repair of [...repairs.splice(0), ...rebuilding.splice(0)]) await repair();
    },
  };
}
