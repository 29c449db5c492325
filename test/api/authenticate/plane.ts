import type { Ask } from '../../../shared/api/authenticate/ask.ts';
import { type AwsIamOptions, awsIam } from '../../../shared/api/authenticate/aws/aws-iam.ts';
import { mappingsFrom } from '../../../shared/api/authenticate/aws/mappings.ts';
import type { User } from '../../../shared/api/call.ts';
import { type IAMIdentityMappingObject, iamIdentityMapping } from '../../../shared/kinds/iam/kind.ts';
import type { Log } from '../../../shared/ports.ts';
import { createMemoryStore } from '../../../shared/store/memory.ts';
import type { Store } from '../../../shared/store/store.ts';
import { seededRandom, type VirtualClock, virtualClock } from '../../clock.ts';
import { caller, type Identities, type Identity, modelSts, presign, type Signing, tokenOf } from './sts.ts';

const identity = (arn: string, UserId: string): Identity => ({
  secret: `secret-of-${UserId}`,
  Account: '123456789012',
  Arn: `arn:aws:${arn}`,
  UserId,
});

export const admin = 'arn:aws:iam::123456789012:role/Admin';

/** Who has credentials. Of two roles, the second's session is called as an attacker would call it. */
export const identities: Identities = {
  ASIAADMIN: identity('sts::123456789012:assumed-role/Admin/ada', 'AROAADMIN:ada'),
  ASIADEV: identity('sts::123456789012:assumed-role/Dev/Admin', 'AROADEV:Admin'),
  AKIAEVE: identity('iam::123456789012:user/eve', 'AIDAEVE'),
};

export const collectingLog = (lines: string[]): Log => {
  const line = (sentence: string, fields?: Record<string, unknown>) => void lines.push(`${sentence} ${JSON.stringify(fields)}`);
  return { debug: line, info: line, warn: line, error: line };
};

export interface TestPlane {
  readonly clock: VirtualClock;
  readonly store: Store;
  /** The URLs that were asked. */
  readonly asked: string[];
  readonly log: string[];
  who(token: string): Promise<User | undefined>;
  /** A token of somebody who has credentials, made now for this plane; with changes, one that nobody's tool would make. */
  token(accessKeyId?: string, changes?: Partial<Signing>): string;
  map(name: string, spec: IAMIdentityMappingObject['spec']): Promise<IAMIdentityMappingObject>;
}

const isSts = (url: string): boolean => /^sts(-fips)?\.([a-z0-9-]+\.)?(amazonaws\.com(\.cn)?|api\.aws)$/.test(new URL(url).host);

/** The plane `blue` in us-east-1 and eu-west-1 of a world where every host but those of STS is an attacker's and answers `Admin`. */
export function testPlane(options: Partial<AwsIamOptions> & { readonly admins?: readonly string[] } = {}): TestPlane {
  const clock = virtualClock();
  const store = createMemoryStore({ clock, random: seededRandom(3) });
  const asked: string[] = [];
  const log: string[] = [];
  const sts = modelSts(identities, clock);
  const world: Ask = async (url, request) => (isSts(url) ? sts(url, request) : caller(identities.ASIAADMIN!));
  const { ask = world, admins = [admin], ...others } = options;
  const authenticate = awsIam({
    clusterId: 'blue',
    regions: ['us-east-1', 'eu-west-1'],
    mappings: mappingsFrom(store, { clock, admins }),
    clock,
    log: collectingLog(log),
    ask: (url, request) => {
      asked.push(url);
      return ask(url, request);
    },
    ...others,
  });
  return {
    clock,
    store,
    asked,
    log,
    who: (token) => authenticate(new Request('https://blue', { headers: { authorization: `Bearer ${token}` } })),
    token: (accessKeyId = 'ASIAADMIN', changes = {}) =>
      tokenOf(presign({ accessKeyId, secret: identities[accessKeyId]!.secret, at: clock.now(), plane: 'blue', ...changes })),
    map: (name, spec) =>
      store.create(iamIdentityMapping, {
        apiVersion: 'iamauthenticator.k8s.aws/v1alpha1',
        kind: 'IAMIdentityMapping',
        metadata: { name },
        spec,
      }),
  };
}
