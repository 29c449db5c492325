/** The partitions of AWS: worlds of accounts that know nothing of each other. */
export const partitions = ['aws', 'aws-cn', 'aws-us-gov', 'aws-eusc'] as const;
export type Partition = (typeof partitions)[number];

/** Somebody in IAM who can sign requests. */
export interface Principal {
  /** Of a session of a role, the ARN of the role: who assumes a role chooses the session's name. */
  readonly arn: string;
  /** Twelve digits. */
  readonly account: string;
  readonly isRole: boolean;
}

const name = String.raw`[\w+=,.@-]+`;
const path = String.raw`(?:[\x21-\x7e]+/)?`;
const arnOf = (service: string, resource: string): RegExp =>
  new RegExp(String.raw`^arn:(${partitions.join('|')}):${service}::(\d{12}):${resource}$`);

const roles = [arnOf('iam', `role/${path}(${name})`), arnOf('sts', `assumed-role/(${name})/${name}`)];
const others = [arnOf('iam', `(?:root|user/${path}${name})`), arnOf('sts', `federated-user/${name}`)];

/**
 * Whom an ARN stands for; undefined: nobody who could sign a request. A role's path is left out, as sessions leave it
 * out (names are unique in an account whatever their paths): role/team/Admin and assumed-role/Admin/ada both are
 * role/Admin. A user's path stays, since STS tells it.
 */
export function readArn(arn: string): Principal | undefined {
  for (const form of roles) {
    const [, partition, account = '', role] = form.exec(arn) ?? [];
    if (role !== undefined) return { arn: `arn:${partition}:iam::${account}:role/${role}`, account, isRole: true };
  }
  for (const form of others) {
    const [, , account] = form.exec(arn) ?? [];
    if (account !== undefined) return { arn, account, isRole: false };
  }
  return undefined;
}

/** Equal for ARNs of one principal. IAM tells no names apart by case; STS does so with those of federated users. */
export const arnKey = (canonical: string): string => (canonical.includes(':sts:') ? canonical : canonical.toLowerCase());
