import { RunInstancesCommand, type RunInstancesCommandInput, TerminateInstancesCommand } from '@aws-sdk/client-ec2';
import { Invalid, RetryLater } from '../../errors.ts';
import type { DesiredInstance, Ensured, Instance, Memo } from '../provisioner.ts';
import type { Api } from './api.ts';
import type { AwsConfig } from './config.ts';
import { codeOf } from './errors.ts';
import { findInstances, idIn, isAlive, toInstance } from './find.ts';
import { type Asked, intentMs, isFresh, type Made, mayBeHidden, newAttempt, readMemo } from './memo.ts';
import { instanceIdOf, machineTags } from './names.ts';
import { renderParameters } from './render.ts';

type Desired = DesiredInstance<AwsConfig>;

/** EC2 takes no more user data than this, before base64. */
const maxUserDataBytes = 16_384;

/** Finds the machine's instance, or asks EC2 for it: once per client token, whatever becomes of the replies. */
export async function ensureInstance(api: Api, desired: Desired, memo: Memo | undefined): Promise<Ensured> {
  const written = readMemo(memo);
  const known = desired.providerID ?? idIn(written);
  // Nothing is written down, so nothing was asked for; should there be one nevertheless, the next look finds it.
  if (written === undefined && known === undefined) return writeDown(api, desired, 1);
  if (written !== undefined && 'token' in written && isFresh(written, api.clock.now())) return request(api, desired, written);
  const found = await findInstances(api, desired, known);
  const alive = found.filter(isAlive);
  if (alive.length > 1) return endTwins(api, desired, alive, written);
  const instance = alive[0] ?? found[0];
  if (instance !== undefined) return report(desired, instance, written?.requestedAt ?? instance.createdAt ?? api.clock.now());
  if (known !== undefined) return reportUnseen(api, desired, known, written);
  return written === undefined || !('token' in written) ? writeDown(api, desired, 1) : request(api, desired, written);
}

/** The parameters and the token, to be stored before anything exists. */
async function writeDown(api: Api, desired: Desired, attempt: number): Promise<Ensured> {
  const bytes = Buffer.byteLength(await desired.userData());
  if (bytes > maxUserDataBytes)
    throw new Invalid(
      `EC2 takes user data of at most ${maxUserDataBytes} bytes; that of ${desired.machine.name} has ${bytes}: shorten configPatches`,
    );
  const memo = newAttempt(desired, attempt, await renderParameters(api, desired), api.clock.now());
  return { memo, again: true, settled: false, says: `will ask EC2 for an instance, attempt ${attempt}`, checkAgainIn: 1 };
}

async function request(api: Api, desired: Desired, asked: Asked): Promise<Ensured> {
  if (api.clock.now() >= asked.requestedAt + intentMs) {
    const memo = { ...asked, requestedAt: api.clock.now() };
    return { memo, again: true, settled: false, says: 'will ask EC2 for the instance once more', checkAgainIn: 1 };
  }
  try {
    const command = new RunInstancesCommand(toInput(desired, asked, await desired.userData()));
    const doing = `create the instance of ${desired.machine.name}`;
    const { Instances } = await api.ask(doing, desired.config.region, (ec2) => ec2.send(command));
    const [made] = Instances ?? [];
    if (made === undefined) throw new RetryLater('EC2 answered RunInstances without an instance');
    return report(desired, toInstance(made), asked.requestedAt);
  } catch (error) {
    return recover(api, desired, asked, error);
  }
}

/** Errors that say something about what was asked for before. */
async function recover(api: Api, desired: Desired, asked: Asked, error: unknown): Promise<Ensured> {
  switch (codeOf(error)) {
    // The token made nothing, and what it names may have been made anew under another id: look again, under a new token.
    case 'InvalidGroup.NotFound':
    case 'InvalidSubnetID.NotFound':
      return { ...(await writeDown(api, desired, asked.attempt + 1)), again: false, checkAgainIn: 2 };
    case 'IdempotentInstanceTerminated':
      throw new Invalid(
        `the instance of ${desired.machine.name} was terminated before it was seen: a machine is never made twice, delete it`,
      );
    default:
      // IdempotentParameterMismatch included: the token's instance exists, and the next look finds it by its tags.
      throw error;
  }
}

function toInput(desired: Desired, { token, parameters }: Asked, userData: string): RunInstancesCommandInput {
  const { rootDisk } = parameters;
  const Tags = machineTags(desired);
  return {
    MinCount: 1,
    MaxCount: 1,
    ClientToken: token,
    ImageId: parameters.imageId,
    InstanceType: parameters.instanceType as RunInstancesCommandInput['InstanceType'],
    KeyName: parameters.keyName,
    SubnetId: parameters.subnetId,
    SecurityGroupIds: parameters.securityGroupIds,
    UserData: Buffer.from(userData).toString('base64'),
    MetadataOptions: { HttpTokens: 'required', HttpPutResponseHopLimit: 1 },
    ...(rootDisk !== undefined && {
      BlockDeviceMappings: [{ DeviceName: rootDisk.device, Ebs: { VolumeSize: rootDisk.size, DeleteOnTermination: true } }],
    }),
    TagSpecifications: (['instance', 'volume', 'network-interface'] as const).map((ResourceType) => ({ ResourceType, Tags })),
  };
}

const sayings: Readonly<Record<Instance['state'], string>> = {
  Running: 'runs',
  Pending: 'starts',
  Stopped: 'is stopped: start it, or delete the Machine',
  Deleting: 'is being terminated',
  Deleted: 'was terminated',
};

function report(desired: Desired, instance: Instance, requestedAt: number): Ensured {
  const memo: Made = { providerID: instance.providerID, requestedAt };
  return {
    memo,
    settled: instance.state === 'Running',
    says: `${instance.id} (${desired.machine.name}) ${sayings[instance.state]}`,
    checkAgainIn: instance.state === 'Pending' ? 1 : 15,
    instance,
  };
}

/** An instance that we know of and EC2 does not show: too new, or gone for more than an hour. */
function reportUnseen(api: Api, desired: Desired, known: string, written: Asked | Made | undefined): Ensured {
  const id = instanceIdOf(known);
  const memo: Made = { providerID: known, requestedAt: written?.requestedAt ?? 0 };
  if (written !== undefined && mayBeHidden(written, api.settlingMs, api.clock.now()))
    return { memo, settled: false, says: `waits until EC2 shows ${id}`, checkAgainIn: 1 };
  return report(desired, { id, providerID: known, state: 'Deleted', addresses: [] }, memo.requestedAt);
}

/** Two live instances of one machine: should never be, and the younger ends. */
async function endTwins(api: Api, desired: Desired, alive: readonly Instance[], written: Asked | Made | undefined): Promise<Ensured> {
  const [kept, ...twins] = alive;
  const InstanceIds = twins.map((twin) => twin.id);
  await api.ask(`terminate ${InstanceIds.join(', ')}`, desired.config.region, (ec2) =>
    ec2.send(new TerminateInstancesCommand({ InstanceIds })),
  );
  const reported = report(desired, kept!, written?.requestedAt ?? api.clock.now());
  return { ...reported, says: `${reported.says}; terminates its younger twin ${InstanceIds.join(', ')}` };
}
