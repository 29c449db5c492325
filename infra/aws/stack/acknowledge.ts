import { Stack, Validations } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';

/** Says why a rule of cdk-nag's AwsSolutions does not hold here. `finding`: what the rule found, where it names that. */
export function acknowledge(construct: IConstruct, rule: string, reason: string, finding?: string): void {
  Validations.of(construct).acknowledge({ id: `AwsSolutions-${rule}${finding === undefined ? '' : `[${finding}]`}`, reason });
}

/** Says why a statement of a role needs a resource with `*` in it. */
export function acknowledgeWildcard(construct: IConstruct, resource: string, reason: string): void {
  acknowledge(construct, 'IAM5', reason, `Resource::${written(Stack.of(construct).resolve(resource))}`);
}

/** As cdk-nag writes what CloudFormation fills in: `arn:<AWS::Partition>:states:...`. */
function written(value: unknown): string {
  if (typeof value === 'string') return value;
  const [[intrinsic, argument]] = Object.entries(value as Record<string, unknown>) as [[string, unknown]];
  if (intrinsic === 'Fn::Join') return (argument as [string, unknown[]])[1].map(written).join('');
  return `<${intrinsic === 'Ref' ? argument : (argument as string[]).join('.')}>`;
}
