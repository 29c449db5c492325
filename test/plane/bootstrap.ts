import type { Bootstrap, BootstrapMachine } from '../../shared/bootstrap/bootstrap.ts';
import type { Clock, Random } from '../../shared/ports.ts';

/** What a machine of the simulation boots with. */
export interface UserData {
  /** Machines of one bundle are one cluster. */
  readonly bundle: string;
  readonly role: 'master' | 'worker';
  readonly name: string;
  readonly uid: string;
}

const year = 365 * 24 * 3_600_000;

/** A bootstrap without cryptography: everything is JSON that says whose it is. */
export const plainBootstrap = ({ clock, random }: { clock: Clock; random: Random }): Bootstrap => ({
  createSecrets: async () => `bundle-${random.uuid()}`,
  renderMachine: (bundle: string, { role, name, uid }: BootstrapMachine) => JSON.stringify({ bundle, role, name, uid } satisfies UserData),
  clientConfig: async (bundle, { endpoint }) => ({
    talosconfig: JSON.stringify({ bundle }),
    kubeconfig: JSON.stringify({ bundle, endpoint }),
    expiresAt: clock.now() + year,
  }),
});

export const bundleIn = (config: string): string => (JSON.parse(config) as { bundle: string }).bundle;
