import { describe, expect, it } from '@jest/globals';
import { type IAMIdentityMappingObject, iamIdentityMapping } from '../../../shared/kinds/iam/kind.ts';
import { usernameOf } from '../../../shared/kinds/iam/username.ts';

const role = 'arn:aws:iam::123456789012:role/Dev';

const mapping = (spec: Partial<IAMIdentityMappingObject['spec']>): IAMIdentityMappingObject => ({
  apiVersion: 'iamauthenticator.k8s.aws/v1alpha1',
  kind: 'IAMIdentityMapping',
  metadata: { name: 'dev' },
  spec: { arn: role, username: 'dev', ...spec },
});
const faults = (spec: Partial<IAMIdentityMappingObject['spec']>): string[] =>
  iamIdentityMapping.validate(mapping(spec)).map(({ field, message }) => `${field}: ${message}`);

const reserved = 'names that begin with system: belong to Kubernetes; only the group system:masters can be given';

describe('an IAMIdentityMapping', () => {
  it.each([
    [{}],
    [{ arn: 'arn:aws:sts::123456789012:assumed-role/Dev/ada', groups: ['system:masters', 'devs'] }],
    [{ username: '{{AccountID}}:{{SessionName}}' }],
    [{ arn: 'arn:aws:iam::123456789012:user/ada', username: '{{AccountID}}:ada' }],
  ])('may say %j', (spec) => {
    expect(faults(spec)).toEqual([]);
  });

  it.each([
    [{ arn: 'Dev' }, 'spec.arn: write the ARN of an IAM role, user or account root, such as arn:aws:iam::123456789012:role/Admin'],
    [{ username: 'system:node:x' }, `spec.username: ${reserved}`],
    [{ username: 'system:{{SessionName}}' }, `spec.username: ${reserved}`],
    [{ groups: ['devs', 'system:nodes'] }, `spec.groups[1]: ${reserved}`],
    [{ groups: ['{{SessionName}}'] }, 'spec.groups[0]: groups are taken as they are: write no template'],
    [{ username: '{{SessionNameRaw}}' }, 'spec.username: there is no {{SessionNameRaw}}: write {{AccountID}} or {{SessionName}}'],
    [
      { arn: 'arn:aws:iam::123456789012:user/ada', username: '{{SessionName}}' },
      'spec.username: only a role has sessions: write no {{SessionName}} for this ARN',
    ],
  ])('may not say %j', (spec, fault) => {
    expect(faults(spec)).toEqual([fault]);
  });

  it.each([
    ['arn', { username: 'x' }],
    ['username', { arn: role }],
    ['username', { arn: role, username: '' }],
    ['groups', { arn: role, username: 'x', groups: [''] }],
  ])('needs its %s', (field, spec) => {
    expect(iamIdentityMapping.schema.safeParse({ spec }).error?.issues[0]?.path[1]).toBe(field);
  });

  it('shows who becomes whom', () => {
    const cells = iamIdentityMapping.columns.map(({ name, value }) => [name, value(mapping({ groups: ['a', 'b'] }))]);
    expect(cells).toEqual([
      ['ARN', role],
      ['Username', 'dev'],
      ['Groups', 'a,b'],
      ['Age', undefined],
    ]);
  });
});

describe('a user name', () => {
  it.each([
    ['dev', { account: '1' }, 'dev'],
    ['{{AccountID}}:dev', { account: '1' }, '1:dev'],
    ['dev:{{SessionName}}:{{SessionName}}', { account: '1', session: 'ada@example.org' }, 'dev:ada-example.org:ada-example.org'],
    ['{{SessionName}}', { account: '1', session: '{{AccountID}}' }, '{{AccountID}}'],
    ['{{SessionName}}', { account: '1', session: '$&' }, '$&'],
    ['{{SessionName}}', { account: '1' }, undefined],
  ])('%s for %j is %j', (template, session, name) => {
    expect(usernameOf(template, session)).toBe(name);
  });
});
