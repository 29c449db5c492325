import { createServer } from 'node:net';
import type { Reach } from '../../shared/nodes/nodes.ts';

/** `127.65.0.10:6443` is at `127.0.0.1:26020`: where only 127.0.0.1 answers, the ports of reserved addresses are ports of that. */
export type PortMap = Readonly<Record<string, string>>;

/** What masters serve: the Kubernetes API and the Talos API. */
const ports = [6443, 50_000];

/** Two ports for each address, from the first on. */
export const portMapOf = (addresses: readonly string[], firstPort: number): PortMap =>
  Object.fromEntries(
    addresses.flatMap((address) => ports.map((port) => `${address}:${port}`)).map((at, i) => [at, `127.0.0.1:${firstPort + i}`]),
  );

/** What the map does not know is reached as it is. */
export function reachBy(map: PortMap | undefined): Reach {
  return (address, port) => {
    const [host, mapped] = map?.[`${address}:${port}`]?.split(':') ?? [];
    return host === undefined ? { host: address, port } : { host, port: Number(mapped) };
  };
}

/** A kubeconfig for other programs: its server is asked where it is reached, and must still show the certificate of its own address. */
export function reachableKubeconfig(kubeconfig: string, map: PortMap | undefined): string {
  return kubeconfig.replace(/^( *)server: "?https:\/\/([^:"\s]+):(\d+)"?$/gm, (line, indent: string, address: string, port: string) => {
    const at = map?.[`${address}:${port}`];
    return at === undefined ? line : `${indent}server: https://${at}\n${indent}tls-server-name: ${address}`;
  });
}

/** Linux answers on all of 127.0.0.0/8; other systems on 127.0.0.1, unless more was added to the loopback interface. */
export const everyAddressAnswers = (): Promise<boolean> =>
  new Promise((resolve) => {
    const probe = createServer();
    probe.once('error', () => resolve(false));
    probe.listen(0, '127.64.0.1', () => probe.close(() => resolve(true)));
  });
