import { createSecureServer, type Http2ServerRequest, type ServerHttp2Session } from 'node:http2';
import type { PeerCertificate, TLSSocket } from 'node:tls';
import { type ConnectRouter, createContextValues } from '@connectrpc/connect';
import { connectNodeAdapter } from '@connectrpc/connect-node';
import { MachineService } from '../../../shared/nodes/talos/gen/machine/machine_pb.js';
import { type Door, listen } from './door.ts';
import { serverCertificate } from './server-certificate.ts';
import { callerRoles, type MachineActions, talosService } from './talos-service.ts';
import type { RunningMachine, World } from './world.ts';

const apidPort = 50_000;

/** id-kp-clientAuth: the one extended key usage that apid takes. */
const clientAuth = '1.3.6.1.5.5.7.3.2';

/** Serves the Talos API of a control-plane machine at its address, with mutual TLS. Throws what `listen` throws. */
export async function openApid(world: World, machine: RunningMachine, address: string, actions: MachineActions): Promise<Door> {
  const { ca, certSANs } = machine.boot.config;
  const own = await serverCertificate(world, machine, ca, [...certSANs, address]);
  const rolesOf = new WeakMap<object, readonly string[]>();
  const adapter = connectNodeAdapter({
    routes: (router: ConnectRouter) => router.service(MachineService, talosService(world, machine, actions)),
    contextValues: (request) => {
      const session = (request as Http2ServerRequest).stream.session;
      return createContextValues().set(callerRoles, (session && rolesOf.get(session)) ?? []);
    },
  });
  const server = createSecureServer({ ...own, ca: ca.certificate, requestCert: true, rejectUnauthorized: true }, adapter);
  server.on('session', (session: ServerHttp2Session) => {
    const socket = session.socket as TLSSocket;
    const usages = socket.getPeerX509Certificate()?.keyUsage ?? [];
    // Equality, as apid has it: a certificate that is good for servers too is turned away.
    if (usages.length !== 1 || usages[0] !== clientAuth) return session.destroy();
    rolesOf.set(session, organisations(socket.getPeerCertificate()));
  });
  return listen(server, address, apidPort, world);
}

/** One value or several, as they stand in one certificate. */
const organisations = ({ subject }: PeerCertificate): readonly string[] => [subject.O ?? []].flat();
