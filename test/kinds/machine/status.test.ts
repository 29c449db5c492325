import { describe, expect, it } from '@jest/globals';
import type { MachineSelf } from '../../../shared/kinds/machine/model.ts';
import { type Hindrance, summarize } from '../../../shared/kinds/machine/status.ts';
import { aMachine, inSeconds, nodeRef, now } from './builders.ts';

const nodeReady = (status: 'True' | 'False' | 'Unknown', reason = 'KubeletNotReady') => ({
  conditions: [{ type: 'NodeReady', status, reason, message: `the kubelet says ${status}` }],
});
const paused: Hindrance = { reason: 'Paused', message: 'nothing is done while it is paused' };
const waitingFor = { reason: 'OutOfCapacity', message: 'no room' };
const failed = { errorReason: 'JoinClusterTimeoutError', errorMessage: 'no Node came' };

function said(machine: Partial<MachineSelf>, hindrance?: Hindrance): string {
  const { phase, conditions } = summarize(aMachine(machine), now, hindrance);
  const ready = conditions?.find(({ type }) => type === 'Ready');
  return `${phase}; ${ready?.status}; ${ready?.reason}: ${ready?.message}`;
}

describe('what a Machine says of itself', () => {
  it.each<[string, Partial<MachineSelf>, Hindrance?]>([
    ['Pending; False; Provisioning: is being created', {}],
    ['Pending; False; Paused: nothing is done while it is paused', {}, paused],
    ['Provisioning; False; Provisioning: is being created', { status: { execution: 'create-1' } }],
    [
      'Provisioning; False; Provisioning: waits for operation 12',
      { status: { execution: 'create-1', lastOperation: { description: 'waits for operation 12' } } },
    ],
    ['Provisioning; False; OutOfCapacity: no room', { status: { execution: 'create-1', waitingFor } }],
    ['Provisioning; False; Paused: nothing is done while it is paused', { status: { execution: 'create-1', waitingFor } }, paused],
    ['Provisioned; False; Provisioning: is being created', { providerID: 'gce://p/z/m', status: { execution: 'create-1' } }],
    ['Failed; False; JoinClusterTimeoutError: no Node came', { providerID: 'gce://p/z/m', status: failed }],
    ['Running; True; NodeReady: the kubelet says True', { status: { nodeRef, ...nodeReady('True') } }],
    ['Running; False; KubeletNotReady: the kubelet says False', { status: { nodeRef, ...nodeReady('False') } }],
    ['Running; Unknown; NodeDeleted: the kubelet says Unknown', { status: { nodeRef, ...nodeReady('Unknown', 'NodeDeleted') } }],
    ['Running; True; NodeReady: the kubelet says True', { status: { nodeRef, ...nodeReady('True') } }, paused],
    ['Running; True; NodeReady: the kubelet says True', { status: { nodeRef, waitingFor, ...nodeReady('True') } }],
    ['Failed; False; JoinClusterTimeoutError: no Node came', { status: { nodeRef, ...failed, ...nodeReady('True') } }],
    ['Deleting; False; Deleting: is being deleted', { deleting: true, status: { nodeRef, ...failed, ...nodeReady('True') } }],
    ['Deleting; False; Deleting: no room', { deleting: true, status: { waitingFor } }],
    ['Deleting; False; Deleting: evicts a Pod', { deleting: true, status: { lastOperation: { description: 'evicts a Pod' } } }],
  ])('%s', (words, machine, ...[hindrance]) => {
    expect(said(machine, hindrance)).toBe(words);
  });

  it('keeps everything else that status says', () => {
    const status = { providerStatus: { token: 't' }, turn: 4, attempt: 2, addresses: [{ type: 'InternalIP', address: '10.0.0.1' }] };
    expect(summarize(aMachine({ status }), now)).toMatchObject(status);
  });

  it('says since when it is so, and not since when it was said again', () => {
    const first = summarize(aMachine({ status: { nodeRef, ...nodeReady('True') } }), now);
    const again = summarize(aMachine({ status: first }), now + 60_000);
    const since = (status: typeof first) => status.conditions?.find(({ type }) => type === 'Ready')?.lastTransitionTime;
    expect([since(first), since(again)]).toEqual([inSeconds(0), inSeconds(0)]);
    const lost = {
      ...again,
      conditions: again.conditions?.map((each) => (each.type === 'NodeReady' ? { ...each, status: 'Unknown' as const } : each)),
    };
    expect(since(summarize(aMachine({ status: lost }), now + 90_000))).toBe(inSeconds(90));
  });
});
