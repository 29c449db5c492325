/** A synthesised template as CloudFormation would carry it out: every reference replaced by what it stands for. */

export interface Template {
  readonly Parameters?: Readonly<Record<string, { readonly Default?: unknown }>>;
  readonly Conditions?: Readonly<Record<string, unknown>>;
  readonly Resources: Readonly<Record<string, { readonly Type: string; readonly Properties?: Properties; readonly Condition?: string }>>;
  readonly Outputs?: Readonly<Record<string, { readonly Value: unknown }>>;
}
export type Properties = Readonly<Record<string, unknown>>;

export interface Resource {
  readonly id: string;
  readonly type: string;
  readonly properties: Properties;
  readonly arn: string;
}

export interface Place {
  readonly account: string;
  readonly region: string;
  readonly parameters?: Readonly<Record<string, string>>;
  /** By type, what a resource is called that the template does not name; its logical id when absent. */
  readonly names?: Readonly<Record<string, string>>;
}

export interface Deployed {
  readonly resources: readonly Resource[];
  ofType(type: string): readonly Resource[];
  /** What an output says. */
  output(name: string): unknown;
  /** Resolves anything that the template could hold. */
  resolve(value: unknown): unknown;
}

/** Throws on an intrinsic function that it does not know, and on a reference to nothing. */
export function deploy(template: Template, place: Place): Deployed {
  const resolve = resolver(template, place);
  const present = Object.entries(template.Resources).filter(
    ([, { Condition }]) => Condition === undefined || resolve({ Condition }) === true,
  );
  const resources = present.map(([id, { Type, Properties = {} }]) => ({
    id,
    type: Type,
    properties: resolve(Properties) as Properties,
    arn: resolve({ 'Fn::GetAtt': [id, 'Arn'] }) as string,
  }));
  return {
    resources,
    ofType: (type) => resources.filter((resource) => resource.type === type),
    output: (name) => resolve(template.Outputs?.[name]?.Value),
    resolve,
  };
}

/** By type: the property that names a resource, and what its ARN looks like after `arn:aws:`. */
const named: Readonly<Record<string, readonly [property: string, arn: (name: string, where: string) => string]>> = {
  'AWS::DynamoDB::Table': ['TableName', (name, where) => `dynamodb:${where}:table/${name}`],
  'AWS::Lambda::Function': ['FunctionName', (name, where) => `lambda:${where}:function:${name}`],
  'AWS::SQS::Queue': ['QueueName', (name, where) => `sqs:${where}:${name}`],
  'AWS::StepFunctions::StateMachine': ['StateMachineName', (name, where) => `states:${where}:stateMachine:${name}`],
  'AWS::KMS::Key': ['KeyId', (name, where) => `kms:${where}:key/${name}`],
  'AWS::Logs::LogGroup': ['LogGroupName', (name, where) => `logs:${where}:log-group:${name}:*`],
  'AWS::Events::Rule': ['Name', (name, where) => `events:${where}:rule/${name}`],
  'AWS::ApiGateway::Stage': ['StageName', (name, where) => `apigateway:${where}:stages/${name}`],
  'AWS::IAM::Role': ['RoleName', (name, where) => `iam::${where.split(':')[1]}:role/${name}`],
};

function resolver(template: Template, { account, region, parameters = {}, names = {} }: Place): (value: unknown) => unknown {
  const pseudo: Readonly<Record<string, string | undefined>> = {
    'AWS::AccountId': account,
    'AWS::Region': region,
    'AWS::Partition': 'aws',
    'AWS::URLSuffix': 'amazonaws.com',
    'AWS::StackName': 'Plastron',
    'AWS::StackId': `arn:aws:cloudformation:${region}:${account}:stack/Plastron/1`,
    'AWS::NoValue': undefined,
  };

  function nameOf(id: string): string {
    const resource = template.Resources[id];
    const property = named[resource?.Type ?? '']?.[0];
    const name = property && resource?.Properties?.[property];
    return name === undefined ? (names[resource?.Type ?? ''] ?? id) : String(resolve(name));
  }

  function refer(id: string): unknown {
    if (id in pseudo) return pseudo[id];
    if (id in parameters) return parameters[id];
    const parameter = template.Parameters?.[id];
    if (parameter !== undefined) return parameter.Default;
    const type = template.Resources[id]?.Type;
    if (type === undefined) throw new Error(`the template refers to ${id}, which it does not have`);
    if (type === 'AWS::SQS::Queue') return `https://sqs.${region}.amazonaws.com/${account}/${nameOf(id)}`;
    if (type === 'AWS::StepFunctions::StateMachine') return attribute(id, 'Arn');
    return nameOf(id);
  }

  function attribute(id: string, name: string): string {
    const arn = named[template.Resources[id]?.Type ?? '']?.[1];
    const whole = `arn:aws:${arn?.(nameOf(id), `${region}:${account}`) ?? `other:${region}:${account}:${id}`}`;
    if (name === 'Arn') return whole;
    if (name === 'StreamArn') return `${whole}/stream/NOW`;
    return nameOf(id);
  }

  const substitute = (text: string, own: Properties): string =>
    text.replace(/\$\{(!?)([^}]+)\}/g, (_, literal: string, name: string) => {
      if (literal !== '') return `\${${name}}`;
      if (name in own) return String(resolve(own[name]));
      const [id, attributeName] = name.split('.') as [string, string?];
      return String(attributeName === undefined ? refer(id) : attribute(id, attributeName));
    });

  const functions: Readonly<Record<string, (argument: never) => unknown>> = {
    Ref: (id: string) => refer(id),
    Condition: (name: string) => resolve(template.Conditions?.[name]),
    'Fn::GetAtt': ([id, name]: [string, string]) => attribute(id, name),
    'Fn::Join': ([by, parts]: [string, unknown[]]) => (resolve(parts) as string[]).join(by),
    'Fn::Sub': (argument: string | [string, Properties]) =>
      typeof argument === 'string' ? substitute(argument, {}) : substitute(argument[0], argument[1]),
    'Fn::Select': ([at, list]: [number | string, unknown]) => (resolve(list) as unknown[])[Number(at)],
    'Fn::Split': ([by, text]: [string, unknown]) => String(resolve(text)).split(by),
    'Fn::If': ([condition, yes, no]: [string, unknown, unknown]) => resolve(resolve({ Condition: condition }) === true ? yes : no),
    'Fn::Equals': ([a, b]: [unknown, unknown]) => String(resolve(a)) === String(resolve(b)),
    'Fn::Not': ([value]: [unknown]) => resolve(value) !== true,
    'Fn::And': (values: unknown[]) => values.every((value) => resolve(value) === true),
    'Fn::Or': (values: unknown[]) => values.some((value) => resolve(value) === true),
  };

  function resolve(value: unknown): unknown {
    if (Array.isArray(value)) return value.map(resolve).filter((item) => item !== undefined);
    if (typeof value !== 'object' || value === null) return value;
    const [key = '', ...others] = Object.keys(value);
    if (
      others.length === 0 &&
      (key === 'Ref' || key.startsWith('Fn::') || (key === 'Condition' && typeof (value as Properties).Condition === 'string'))
    ) {
      const apply = functions[key];
      if (apply === undefined) throw new Error(`the template uses ${key}, which is not known here`);
      return apply((value as Record<string, never>)[key] as never);
    }
    return Object.fromEntries(
      Object.entries(value)
        .map(([name, inner]) => [name, resolve(inner)])
        .filter(([, inner]) => inner !== undefined),
    );
  }
  return resolve;
}
