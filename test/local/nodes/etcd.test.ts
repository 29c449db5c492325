import { Code, ConnectError } from '@connectrpc/connect';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  bootstrapped,
  type EtcdCluster,
  hasQuorum,
  leaderOf,
  withLeadershipForfeited,
  withLearner,
  withoutMember,
  withPromoted,
} from '../../../infra/local/nodes/etcd.ts';

const allUp = () => true;
const member = (n: number, hostname = `master-${n}`) => ({ id: String(n), machine: `i-${n}`, hostname, address: `10.0.0.${n}` });

/** A cluster of so many voters, member 0 leading. */
function clusterOf(size: number): EtcdCluster {
  let cluster = bootstrapped('c', 'talos', member(0));
  for (let n = 1; n < size; n++) cluster = withPromoted(withLearner(cluster, member(n), allUp), String(n), allUp);
  return cluster;
}

const codeOf = (act: () => unknown): Code | undefined => {
  try {
    act();
    return undefined;
  } catch (error) {
    return ConnectError.from(error).code;
  }
};

describe('an etcd cluster', () => {
  it.each([
    [1, 0, true],
    [1, 1, false],
    [2, 1, false],
    [3, 1, true],
    [3, 2, false],
    [4, 1, true],
    [4, 2, false],
    [5, 2, true],
    [5, 3, false],
  ])('of %i members, %i of them down, answers: %s', (size, down, answers) => {
    expect(hasQuorum(clusterOf(size), ({ id }) => Number(id) >= down)).toBe(answers);
  });

  it('takes one learner at a time, which has no vote until it is promoted', () => {
    const learning = withLearner(clusterOf(1), member(1), allUp);
    expect(hasQuorum(learning, ({ id }) => id === '0')).toBe(true);
    expect(codeOf(() => withLearner(learning, member(2), allUp))).toBe(Code.FailedPrecondition);
    expect(hasQuorum(withPromoted(learning, '1', allUp), ({ id }) => id === '0')).toBe(false);
  });

  it('forgets the predecessor of the same hostname when its successor joins', () => {
    const replaced = withLearner(clusterOf(3), member(7, 'master-2'), ({ id }) => id !== '2');
    expect(replaced.members.map(({ id }) => id)).toEqual(['0', '1', '7']);
  });

  it('never lets the last voter leave', () => {
    expect(codeOf(() => withoutMember(clusterOf(1), '0', allUp))).toBe(Code.FailedPrecondition);
  });

  it('lets a member go that is down, but not one more than the rest can bear', () => {
    const up = ({ id }: { id: string }) => id !== '2';
    expect(withoutMember(clusterOf(3), '2', up).members).toHaveLength(2);
    expect(codeOf(() => withoutMember(clusterOf(3), '1', up))).toBe(Code.FailedPrecondition);
  });

  it('says that it knows no such member', () => {
    expect(codeOf(() => withoutMember(clusterOf(3), '9', allUp))).toBe(Code.NotFound);
  });

  it('gives leadership to another member once, and has none to give when it is alone', () => {
    const forfeited = withLeadershipForfeited(clusterOf(3), '0', allUp);
    expect(leaderOf(forfeited, allUp)?.id).toBe('1');
    expect(withLeadershipForfeited(forfeited, '0', allUp)).toBe(forfeited);
    expect(() => withLeadershipForfeited(clusterOf(1), '0', allUp)).toThrow('only one member');
  });

  it('answers no member change without a quorum', () => {
    const up = ({ id }: { id: string }) => id === '0';
    for (const change of [
      () => withoutMember(clusterOf(3), '1', up),
      () => withLearner(clusterOf(3), member(9), up),
      () => withLeadershipForfeited(clusterOf(3), '0', up),
    ])
      expect(codeOf(change)).toBe(Code.Unavailable);
  });

  it('keeps its quorum through every change that it agrees to', () => {
    const change = fc.record({ what: fc.constantFrom('learn', 'promote', 'remove', 'forfeit'), n: fc.nat(6) });
    fc.assert(
      fc.property(fc.array(change, { maxLength: 30 }), fc.uniqueArray(fc.nat(6), { maxLength: 3 }), (changes, down) => {
        const up = ({ id }: { id: string }) => !down.includes(Number(id)) || id === '0';
        let cluster = clusterOf(1);
        for (const { what, n } of changes) {
          try {
            if (what === 'learn' && cluster.members.every(({ id }) => id !== String(n))) cluster = withLearner(cluster, member(n), up);
            // Only a learner that runs can catch up.
            if (what === 'promote' && up({ id: String(n) })) cluster = withPromoted(cluster, String(n), up);
            if (what === 'remove') cluster = withoutMember(cluster, String(n), up);
            if (what === 'forfeit') cluster = withLeadershipForfeited(cluster, String(n), up);
          } catch (error) {
            expect(error).toBeInstanceOf(ConnectError);
          }
          expect(hasQuorum(cluster, up)).toBe(true);
          expect(leaderOf(cluster, up)).toBeDefined();
        }
      }),
    );
  });
});
