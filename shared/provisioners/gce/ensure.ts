import { AlreadyExists, Invalid, NotFound, RetryLater } from '../../errors.ts';
import type { DesiredInstance, Ensured, Instance, Memo } from '../provisioner.ts';
import { type Api, failureOf, isDone } from './api.ts';
import { type Attempt, failureMs, intentMs, isFresh, newAttempt, pace, readAttempt } from './attempt.ts';
import type { GceInstance, GceOperation } from './clients.ts';
import type { GceConfig } from './config.ts';
import { operationError } from './errors.ts';
import { instanceBody, readInstance } from './instance.ts';
import { findInstance, findOperation, requireFree } from './lookups.ts';
import { labelKeys, type Place, placeOf, providerID, spell } from './names.ts';

type Desired = DesiredInstance<GceConfig>;

/** Brings one instance nearer to existing: looks first, by operation and by name, and inserts only what is nowhere. */
export async function ensureInstance(api: Api, desired: Desired, memo: Memo | undefined): Promise<Ensured> {
  const attempt = readAttempt(memo);
  if (attempt === undefined) return intend(desired, 1, api.clock.now());
  const place = placeOf(desired);
  const operation = attempt.failure === undefined ? await findOperation(api, place, attempt.operation) : undefined;
  if (operation !== undefined && !isDone(operation)) return waitsFor(operation, attempt, place, api.clock.now());
  const failure = operation && failureOf(operation);
  if (failure !== undefined) return noteFailure({ ...attempt, failure: { ...failure, at: endOf(operation!) } }, place);

  // Names are unique: an insert finds by itself what is there.
  if (isFresh(attempt, api.clock.now()) && desired.address === undefined) return insert(api, desired, attempt);
  const found = await findInstance(api, place);
  if (found !== undefined) return adopt(found, desired, attempt, api.clock.now());
  if (attempt.failure !== undefined) return afterFailure(desired, attempt, api.clock.now());
  if (desired.providerID !== undefined) return lost(attempt, place);
  if (operation !== undefined && api.clock.now() < endOf(operation) + api.settlingMs) return waitsToSee(operation, attempt, place);
  if (attempt.operation !== undefined) return lost(attempt, place);
  if (api.clock.now() > attempt.requestedAt + intentMs) return intend(desired, attempt.attempt, api.clock.now());
  return insert(api, desired, attempt);
}

const endOf = (operation: GceOperation): number => Date.parse(operation.endTime ?? '') || 0;

const intend = (desired: Desired, attempt: number, now: number): Ensured => ({
  memo: { ...newAttempt(desired, attempt, now) },
  again: true,
  settled: false,
  says: `is about to insert ${spell(placeOf(desired))}, attempt ${attempt}`,
  checkAgainIn: 0,
});

async function insert(api: Api, desired: Desired, attempt: Attempt): Promise<Ensured> {
  const place = placeOf(desired);
  const { project, zone, name } = place;
  // An address that is missing or taken would come back as a general "invalid".
  if (desired.address !== undefined) await requireFree(api, desired.address, desired);
  const request = { project, zone, requestId: attempt.requestId, instanceResource: instanceBody(desired, await desired.userData()) };
  try {
    const operation = await api.begin(`insert instance ${name}`, (clients, options) => clients.instances.insert(request, options));
    if (failedBefore(operation, attempt)) return intend(desired, attempt.attempt + 1, api.clock.now());
    return waitsFor(operation, { ...attempt, ...(operation.name && { operation: operation.name }) }, place, api.clock.now());
  } catch (error) {
    // The image, the network, the zone: what an insert names must be there.
    if (error instanceof NotFound) throw new Invalid(error.message);
    if (!(error instanceof AlreadyExists)) throw error;
    const found = await findInstance(api, place);
    if (found === undefined) throw new RetryLater(`instance ${spell(place)} both exists and does not: it is coming or going`);
    return adopt(found, desired, attempt, api.clock.now());
  }
}

/** The key of this attempt belongs to an operation that failed before the attempt was written down: an earlier memo was lost. */
const failedBefore = (operation: GceOperation, attempt: Attempt): boolean =>
  failureOf(operation) !== undefined && Date.parse(operation.insertTime ?? '') < attempt.requestedAt;

const waitsFor = (operation: GceOperation, attempt: Attempt, place: Place, now: number): Ensured => ({
  memo: { ...attempt },
  settled: false,
  says: `waits for operation ${operation.name} to insert ${spell(place)}`,
  checkAgainIn: pace(now - attempt.requestedAt),
});

const waitsToSee = (operation: GceOperation, attempt: Attempt, place: Place): Ensured => ({
  memo: { ...attempt },
  settled: false,
  says: `operation ${operation.name} has inserted ${spell(place)}, which does not show yet`,
  checkAgainIn: 2,
});

const noteFailure = (attempt: Attempt, place: Place): Ensured => ({
  memo: { ...attempt },
  again: true,
  settled: false,
  says: `operation ${attempt.operation} did not insert ${spell(place)}: ${attempt.failure?.code}`,
  checkAgainIn: 0,
});

function afterFailure(desired: Desired, attempt: Attempt, now: number): Ensured {
  const { code, message } = attempt.failure!;
  const error = operationError(`insert instance ${desired.machine.name}`, code, message);
  if (error instanceof Invalid || now < attempt.failure!.at + failureMs) throw error;
  return intend(desired, attempt.attempt + 1, now);
}

function adopt(found: GceInstance, desired: Desired, attempt: Attempt, now: number): Ensured {
  const place = placeOf(desired);
  requireOurs(found, desired);
  const instance = readInstance(found, place);
  return {
    memo: { ...attempt },
    settled: instance.state === 'Running',
    says: `instance ${spell(place)} is ${found.status}`,
    checkAgainIn: instance.state === 'Pending' ? pace(now - attempt.requestedAt) : 30,
    instance,
  };
}

/** Names are shared by all who use the project: this one may be another cluster's, or none of ours. */
function requireOurs(found: GceInstance, desired: Desired): void {
  const { [labelKeys.machine]: uid, [labelKeys.clusterName]: cluster } = found.labels ?? {};
  if (uid === desired.machine.uid) return;
  const whose = uid === undefined ? 'and Plastron did not make it' : `for machine ${uid} of cluster ${cluster}`;
  throw new Invalid(`instance ${spell(placeOf(desired))} is there already, ${whose}: give this Machine another name`);
}

/** It was there, and is not any more. Making another one is not ours to decide. */
function lost(attempt: Attempt, place: Place): Ensured {
  const instance: Instance = { id: place.name, providerID: providerID(place), state: 'Deleted', addresses: [] };
  return { memo: { ...attempt }, settled: false, says: `instance ${spell(place)} is gone`, checkAgainIn: 30, instance };
}
