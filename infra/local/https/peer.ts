import type { TLSSocket } from 'node:tls';
import { known } from '../../../shared/api/authenticate/bearer.ts';
import type { Authenticate } from '../../../shared/api/call.ts';

/** Who is at the other end of the connection, by a client certificate that the server's `clientCa` signed. */
export interface Peer {
  readonly commonName: string;
  readonly organizations: readonly string[];
}

/** Beside the request, not in it: what a client sends can never end up here. */
const peers = new WeakMap<Request, Peer>();

export const peerOf = (request: Request): Peer | undefined => peers.get(request);

export function rememberPeer(request: Request, socket: TLSSocket): void {
  if (!socket.authorized) return;
  const { CN, O } = (socket.getPeerCertificate()?.subject ?? {}) as { CN?: unknown; O?: string | string[] };
  // Several common names would be several users: then it is none.
  if (typeof CN !== 'string' || CN === '') return;
  peers.set(request, { commonName: CN, organizations: O === undefined ? [] : [O].flat() });
}

/** As Kubernetes: the common name is the user, the organizations are the groups. */
export const clientCertificates: Authenticate = async (request) => {
  const peer = peerOf(request);
  return peer && known(peer.commonName, peer.organizations);
};
