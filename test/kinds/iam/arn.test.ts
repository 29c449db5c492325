import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { arnKey, readArn } from '../../../shared/kinds/iam/arn.ts';

const account = '123456789012';

describe('an ARN', () => {
  it.each([
    [`arn:aws:iam::${account}:role/Admin`, `arn:aws:iam::${account}:role/Admin`],
    [`arn:aws:iam::${account}:role/team/dev/Admin`, `arn:aws:iam::${account}:role/Admin`],
    [
      `arn:aws:iam::${account}:role/aws-reserved/sso.amazonaws.com/eu-west-1/AWSReservedSSO_Admin_0123456789abcdef`,
      `arn:aws:iam::${account}:role/AWSReservedSSO_Admin_0123456789abcdef`,
    ],
    [`arn:aws:sts::${account}:assumed-role/Admin/ada`, `arn:aws:iam::${account}:role/Admin`],
    [`arn:aws-cn:sts::${account}:assumed-role/Admin/ada@example.org`, `arn:aws-cn:iam::${account}:role/Admin`],
    [`arn:aws-us-gov:iam::${account}:user/Ada`, `arn:aws-us-gov:iam::${account}:user/Ada`],
    [`arn:aws:iam::${account}:user/team/Ada`, `arn:aws:iam::${account}:user/team/Ada`],
    [`arn:aws:iam::${account}:root`, `arn:aws:iam::${account}:root`],
    [`arn:aws:sts::${account}:federated-user/Ada`, `arn:aws:sts::${account}:federated-user/Ada`],
  ])('%s is %s', (arn, canonical) => {
    expect(readArn(arn)).toMatchObject({ arn: canonical, account });
  });

  it.each([
    ['', 'nothing'],
    ['Admin', 'a bare name'],
    [`arn:evil:iam::${account}:role/Admin`, 'an unknown partition'],
    [`arn:aws:iam::12345:role/Admin`, 'a short account'],
    [`arn:aws:iam:us-east-1:${account}:role/Admin`, 'a region in IAM'],
    [`arn:aws:iam::${account}:role/`, 'no name'],
    [`arn:aws:iam::${account}:role/Admin/`, 'a path without a name'],
    [`arn:aws:iam::${account}:role/Ad min`, 'a blank'],
    [`arn:aws:iam::${account}:role/Admin\n`, 'a new line'],
    [`arn:aws:iam::${account}:rootless`, 'more than root'],
    [`arn:aws:iam::${account}:group/Admins`, 'a group'],
    [`arn:aws:iam::${account}:assumed-role/Admin/ada`, 'a session in IAM'],
    [`arn:aws:sts::${account}:role/Admin`, 'a role in STS'],
    [`arn:aws:sts::${account}:assumed-role/Admin`, 'no session'],
    [`arn:aws:sts::${account}:assumed-role/Admin/x/y`, 'a session with a path'],
    [`arn:aws:s3:::bucket`, 'another service'],
    [`arn:aws:iam::${account}:role/*`, 'a pattern'],
  ])('%j is nobody: %s', (arn) => {
    expect(readArn(arn)).toBeUndefined();
  });

  it('of a session stands for its role, whatever the session is called', () => {
    const name = fc.stringMatching(/^[\w+=,.@-]{1,64}$/);
    fc.assert(
      fc.property(name, name, (role, session) => {
        expect(readArn(`arn:aws:sts::${account}:assumed-role/${role}/${session}`)?.arn).toBe(`arn:aws:iam::${account}:role/${role}`);
      }),
    );
  });

  it('compares as IAM compares: names differ by more than case, those of federated users by case', () => {
    const key = (arn: string) => arnKey(readArn(arn)!.arn);
    expect(key(`arn:aws:iam::${account}:role/ADMIN`)).toBe(key(`arn:aws:sts::${account}:assumed-role/admin/x`));
    expect(key(`arn:aws:sts::${account}:federated-user/Ada`)).not.toBe(key(`arn:aws:sts::${account}:federated-user/ada`));
  });
});
