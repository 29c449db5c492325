import { type Resource, resolve, type Template } from './template.ts';

interface Statement {
  readonly Effect: string;
  readonly Action: string | readonly string[];
  readonly Resource: string | readonly string[];
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

interface Role {
  readonly ManagedPolicyArns?: readonly string[];
  readonly Policies?: readonly { readonly PolicyDocument: { readonly Statement: readonly Statement[] } }[];
  readonly AssumeRolePolicyDocument: { readonly Statement: readonly unknown[] };
}

/** What a role may do, a line for each action on each thing: `sqs:SendMessage Plastron-machine.fifo`, and ` if ...`. */
export function rightsOf(template: Template, roleId: string): readonly string[] {
  const { Policies = [], ManagedPolicyArns = [] } = resolve<Role>(template, template.Resources[roleId]!.Properties);
  const lines = Policies.flatMap(({ PolicyDocument }) => PolicyDocument.Statement.flatMap(linesOf));
  return [...lines, ...ManagedPolicyArns.map((arn) => `everything in ${arn}`)].sort();
}

function linesOf({ Effect, Action, Resource, Condition = {} }: Statement): string[] {
  const conditions = Object.values(Condition).flatMap((each) => Object.entries(each).map(([key, value]) => `${key}=${value}`));
  const suffix = conditions.length > 0 ? ` if ${conditions.join(' and ')}` : '';
  const prefix = Effect === 'Allow' ? '' : `${Effect}: `;
  return [Action].flat().flatMap((action) => [Resource].flat().map((resource) => `${prefix}${action} ${shortened(resource)}${suffix}`));
}

/** Without what all ARNs of the plane share. */
const shortened = (arn: string): string => arn.replace(/^arn:aws:[a-z]+:us-east-1:123456789012:/, '');

/** The logical id of the role that a function or a state machine has. */
export const roleOf = ({ Properties }: Resource, property: string): string =>
  (Properties[property] as { readonly 'Fn::GetAtt': readonly [string, string] })['Fn::GetAtt'][0];

/** Logical ids of resources of a type, by the value of a property that names them. */
export const byName = (template: Template, type: string, property: string): ReadonlyMap<string, Resource> =>
  new Map(
    Object.values(template.Resources)
      .filter(({ Type }) => Type === type)
      .map((resource) => [String(resource.Properties[property]), resource]),
  );
