import { beforeAll, describe, expect, it } from '@jest/globals';
import { admissionOf } from '../../../infra/local/nodes/admission.ts';
import { type MachineConfig, parseMachineConfig } from '../../../shared/bootstrap/talos/machine-config.ts';
import { newCluster } from './fixture.ts';

describe('a worker that asks to join', () => {
  let master: MachineConfig;
  let worker: MachineConfig;
  let stranger: MachineConfig;
  beforeAll(async () => {
    const cluster = await newCluster();
    master = parseMachineConfig(cluster.master(0).userData);
    worker = parseMachineConfig(cluster.worker('w').userData);
    stranger = parseMachineConfig((await newCluster()).master(0).userData);
  });
  const behind = (trustd?: MachineConfig, kubernetes?: MachineConfig) => ({
    trustd,
    kubernetes: kubernetes && { config: kubernetes, cluster: 'c' },
  });

  it('joins the cluster behind its endpoint', () => {
    expect(admissionOf(worker, behind(master, master))).toEqual({ reached: 'kubelet', cluster: 'c' });
  });

  const cases: [string, 'nothing' | 'apid', RegExp, () => [MachineConfig, MachineConfig | undefined, MachineConfig | undefined]][] = [
    ['nobody listens', 'nothing', /connection refused/, () => [worker, undefined, undefined]],
    ['another cluster listens', 'nothing', /signed by unknown authority/, () => [worker, stranger, stranger]],
    ['its token is wrong', 'nothing', /code = Unauthenticated/, () => [{ ...worker, token: 'aaaaaa.bbbbbbbbbbbbbbbb' }, master, master]],
    ['etcd was not bootstrapped yet', 'apid', /connection refused/, () => [worker, master, undefined]],
    [
      'its bootstrap token is wrong',
      'apid',
      /Unauthorized/,
      () => [{ ...worker, cluster: { ...worker.cluster, token: 'aaaaaa.bbbbbbbbbbbbbbbb' } }, master, master],
    ],
    [
      'it trusts another Kubernetes authority',
      'apid',
      /signed by unknown authority/,
      () => [{ ...worker, cluster: { ...worker.cluster, ca: stranger.cluster.ca } }, master, master],
    ],
  ];
  it.each(cases)('does not when %s: it reaches %s', (_, reached, says, given) => {
    const [asking, trustd, kubernetes] = given();
    expect(admissionOf(asking, behind(trustd, kubernetes))).toEqual({ reached, says: expect.stringMatching(says) });
  });
});
