import type { Deployed } from './template.ts';

interface Statement {
  readonly Effect: 'Allow' | 'Deny';
  readonly Action: string | readonly string[];
  readonly Resource: string | readonly string[];
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>;
}

/** What a call says of itself, for conditions: `kms:EncryptionContext:plastron:plane`. */
export type CallContext = Readonly<Record<string, string>>;

/** Whether a role may do something: its inline policies and those attached to it, as IAM reads them. */
export type May = (roleArn: string, action: string, resource: string, context?: CallContext) => boolean;

export function accessOf(deployed: Deployed): May {
  const byRole = new Map<string, Statement[]>();
  const add = (role: string, document: unknown) =>
    byRole.set(role, [...(byRole.get(role) ?? []), ...[(document as { Statement: Statement | Statement[] }).Statement].flat()]);
  for (const { arn, properties } of deployed.ofType('AWS::IAM::Role'))
    for (const { PolicyDocument } of (properties.Policies ?? []) as { PolicyDocument: unknown }[]) add(arn, PolicyDocument);
  for (const { properties } of deployed.ofType('AWS::IAM::Policy'))
    for (const role of properties.Roles as string[])
      for (const { arn } of deployed.ofType('AWS::IAM::Role').filter(({ arn }) => arn.endsWith(`:role/${role}`)))
        add(arn, properties.PolicyDocument);

  return (roleArn, action, resource, context = {}) => {
    const matching = (byRole.get(roleArn) ?? []).filter(
      (statement) =>
        [statement.Action].flat().some((pattern) => matches(pattern.toLowerCase(), action.toLowerCase())) &&
        [statement.Resource].flat().some((pattern) => matches(pattern, resource)) &&
        holds(statement.Condition, context),
    );
    return matching.some(({ Effect }) => Effect === 'Allow') && !matching.some(({ Effect }) => Effect === 'Deny');
  };
}

const matches = (pattern: string, text: string): boolean =>
  new RegExp(
    `^${pattern
      .replace(/[.+^${}()|[\]\\]/g, '\\$&')
      .replaceAll('*', '.*')
      .replaceAll('?', '.')}$`,
  ).test(text);

/** Equality and likeness of strings; any other operator does not hold. */
function holds(condition: Statement['Condition'], context: CallContext): boolean {
  return Object.entries(condition ?? {}).every(([operator, keys]) =>
    Object.entries(keys).every(([key, wanted]) => {
      const actual = context[key];
      if (actual === undefined) return false;
      if (operator.endsWith('StringEquals')) return [wanted].flat().includes(actual);
      if (operator.endsWith('StringLike')) return [wanted].flat().some((pattern) => matches(pattern, actual));
      return false;
    }),
  );
}
