import { type Deployed, deploy, type Template as Synthesised } from '../../../infra/aws/account/template.ts';

export interface Resource {
  readonly Type: string;
  readonly Properties: Readonly<Record<string, unknown>>;
  readonly DeletionPolicy?: string;
}

export interface Template extends Synthesised {
  readonly Resources: Readonly<Record<string, Resource>>;
  readonly Outputs: Readonly<Record<string, { readonly Value: unknown }>>;
  readonly Parameters: Readonly<Record<string, { readonly Default?: string }>>;
}

const names = { 'AWS::DynamoDB::Table': 'TABLE', 'AWS::KMS::Key': 'KEY', 'AWS::ApiGateway::RestApi': 'API' };

/** A template is read many times, and never changed. */
const known = new WeakMap<Template, Deployed>();

function deployed(template: Template): Deployed {
  const found = known.get(template) ?? deploy(template, { region: 'us-east-1', account: '123456789012', names });
  known.set(template, found);
  return found;
}

/** What a value of the template stands for, as CloudFormation would read it. */
export const resolve = <T = unknown>(template: Template, value: unknown): T => deployed(template).resolve(value) as T;

/** Properties of all resources of a type, resolved. */
export const propertiesOf = <T = Record<string, unknown>>(template: Template, type: string): readonly T[] =>
  deployed(template)
    .ofType(type)
    .map(({ properties }) => properties as T);
