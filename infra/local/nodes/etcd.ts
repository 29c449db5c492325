import { Code, ConnectError } from '@connectrpc/connect';

/** An etcd cluster, as its members know it. A plain value: every change is a new one. */
export interface EtcdCluster {
  readonly id: string;
  /** Which Talos cluster it was made for: only machines of the same identity find it and may join it. */
  readonly identity: string;
  readonly members: readonly EtcdMember[];
  /** The member that was last given the leadership. */
  readonly leader: string;
  readonly term: number;
}

export interface EtcdMember {
  /** An unsigned 64-bit number in decimal digits. */
  readonly id: string;
  /** The id of the machine whose disk has the data. */
  readonly machine: string;
  readonly hostname: string;
  readonly address: string;
  /** It copies what the others decide, and has no vote yet. */
  readonly isLearner: boolean;
}

/** Whether this member's machine runs etcd now. */
export type IsUp = (member: EtcdMember) => boolean;

type NewMember = Omit<EtcdMember, 'isLearner'>;

export const bootstrapped = (id: string, identity: string, first: NewMember): EtcdCluster => ({
  id,
  identity,
  members: [{ ...first, isLearner: false }],
  leader: first.id,
  term: 1,
});

const voters = (cluster: EtcdCluster): EtcdMember[] => cluster.members.filter((member) => !member.isLearner);
const majority = (votes: number): number => Math.floor(votes / 2) + 1;

/** More than half of those who may vote are up: the cluster answers. 1 of 1, 2 of 2, 2 of 3, 3 of 4, 3 of 5. */
export function hasQuorum(cluster: EtcdCluster, isUp: IsUp): boolean {
  const all = voters(cluster);
  return all.filter(isUp).length >= majority(all.length);
}

/** The member that leads now: the last leader, or whom the others elected when it went down. None without a quorum. */
export function leaderOf(cluster: EtcdCluster, isUp: IsUp): EtcdMember | undefined {
  if (!hasQuorum(cluster, isUp)) return undefined;
  const candidates = voters(cluster).filter(isUp);
  return candidates.find((member) => member.id === cluster.leader) ?? candidates[0];
}

/**
 * A new machine joins: as a learner, one at a time. A member of the same hostname is what its predecessor left behind,
 * and goes.
 */
export function withLearner(cluster: EtcdCluster, learner: NewMember, isUp: IsUp): EtcdCluster {
  requireQuorum(cluster, isUp);
  const others = cluster.members.filter((member) => member.hostname !== learner.hostname);
  if (others.some((member) => member.isLearner)) throw refused('too many learner members in cluster');
  return { ...cluster, members: [...others, { ...learner, isLearner: true }] };
}

/** The learner has caught up and votes from now on. */
export function withPromoted(cluster: EtcdCluster, id: string, isUp: IsUp): EtcdCluster {
  requireQuorum(cluster, isUp);
  return { ...cluster, members: cluster.members.map((member) => (member.id === id ? { ...member, isLearner: false } : member)) };
}

/** A member goes, if those who stay can still decide anything. */
export function withoutMember(cluster: EtcdCluster, id: string, isUp: IsUp): EtcdCluster {
  requireQuorum(cluster, isUp);
  const leaving = cluster.members.find((member) => member.id === id);
  if (leaving === undefined) throw new ConnectError('etcdserver: member not found', Code.NotFound);
  const remaining = { ...cluster, members: cluster.members.filter((member) => member !== leaving) };
  // A member that is down took no part in the quorum: nothing is lost with it.
  if (!leaving.isLearner && isUp(leaving) && (voters(remaining).length === 0 || !hasQuorum(remaining, isUp))) {
    throw refused('re-configuration failed due to not enough started members');
  }
  return remaining;
}

/** Another member leads. The cluster as it was, if this one did not lead. */
export function withLeadershipForfeited(cluster: EtcdCluster, id: string, isUp: IsUp): EtcdCluster {
  requireQuorum(cluster, isUp);
  if (cluster.members.length === 1) throw new ConnectError('cannot forfeit leadership, only one member', Code.Unknown);
  if (leaderOf(cluster, isUp)?.id !== id) return cluster;
  const next = voters(cluster).find((member) => member.id !== id && isUp(member));
  if (next === undefined) throw new ConnectError('cannot forfeit leadership, no other member is healthy', Code.Unavailable);
  return { ...cluster, leader: next.id, term: cluster.term + 1 };
}

export function requireQuorum(cluster: EtcdCluster, isUp: IsUp): void {
  if (!hasQuorum(cluster, isUp)) throw new ConnectError('etcdserver: no leader', Code.Unavailable);
}

const refused = (message: string): ConnectError => new ConnectError(`etcdserver: ${message}`, Code.FailedPrecondition);
