import { allocateAddress, associateAddress, describeAddresses, disassociateAddress, releaseAddress } from './addresses.ts';
import { describeInstances, terminateInstances } from './instances.ts';
import { createKeyPair, describeKeyPairs, importKeyPair } from './key-pairs.ts';
import { deleteVolume, describeImages, describeSubnets, describeVolumes, describeVpcs } from './places.ts';
import type { Action } from './protocol.ts';
import { runInstances } from './run-instances.ts';
import { authorizeSecurityGroupIngress, createSecurityGroup, deleteSecurityGroup, describeSecurityGroups } from './security-groups.ts';

/** Every action that the fake answers, by the name that a call gives. */
export const actions: Readonly<Record<string, Action>> = {
  RunInstances: runInstances,
  DescribeInstances: describeInstances,
  TerminateInstances: terminateInstances,
  DescribeAddresses: describeAddresses,
  AllocateAddress: allocateAddress,
  AssociateAddress: associateAddress,
  DisassociateAddress: disassociateAddress,
  ReleaseAddress: releaseAddress,
  DescribeKeyPairs: describeKeyPairs,
  ImportKeyPair: importKeyPair,
  CreateKeyPair: createKeyPair,
  DescribeSecurityGroups: describeSecurityGroups,
  CreateSecurityGroup: createSecurityGroup,
  AuthorizeSecurityGroupIngress: authorizeSecurityGroupIngress,
  DeleteSecurityGroup: deleteSecurityGroup,
  DescribeImages: describeImages,
  DescribeVolumes: describeVolumes,
  DeleteVolume: deleteVolume,
  DescribeVpcs: describeVpcs,
  DescribeSubnets: describeSubnets,
};
