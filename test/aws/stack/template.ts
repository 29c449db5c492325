/** A template as CloudFormation would read it: every reference becomes the name or the ARN that it stands for. */
export interface Resource {
  readonly Type: string;
  readonly Properties: Readonly<Record<string, unknown>>;
  readonly DeletionPolicy?: string;
}

export interface Template {
  readonly Resources: Readonly<Record<string, Resource>>;
  readonly Outputs: Readonly<Record<string, { readonly Value: unknown }>>;
  readonly Parameters: Readonly<Record<string, { readonly Default?: string }>>;
}

const region = 'us-east-1';
const account = '123456789012';
const pseudo: Readonly<Record<string, string>> = {
  'AWS::Region': region,
  'AWS::AccountId': account,
  'AWS::Partition': 'aws',
  'AWS::URLSuffix': 'amazonaws.com',
  'AWS::StackName': 'stack',
};

const arn = (service: string, rest: string) => `arn:aws:${service}:${region}:${account}:${rest}`;

type Properties = Readonly<Record<string, string>>;

/** ARNs of what has a name of its own; all else is called by its logical id. */
const arns: Readonly<Record<string, (properties: Properties, id: string) => string>> = {
  'AWS::Lambda::Function': ({ FunctionName }) => arn('lambda', `function:${FunctionName}`),
  'AWS::SQS::Queue': ({ QueueName }) => arn('sqs', `${QueueName}`),
  'AWS::StepFunctions::StateMachine': ({ StateMachineName }) => arn('states', `stateMachine:${StateMachineName}`),
  'AWS::Logs::LogGroup': ({ LogGroupName }) => `${arn('logs', `log-group:${LogGroupName}`)}:*`,
  'AWS::DynamoDB::Table': () => arn('dynamodb', 'table/TABLE'),
  'AWS::KMS::Key': () => arn('kms', 'key/KEY'),
  'AWS::Events::Rule': ({ Name }) => arn('events', `rule/${Name}`),
  'AWS::IAM::Role': (_, id) => arn('iam', `role/${id}`),
};

const refs: Readonly<Record<string, (properties: Properties) => string>> = {
  'AWS::Lambda::Function': ({ FunctionName }) => `${FunctionName}`,
  'AWS::SQS::Queue': ({ QueueName }) => `https://sqs.${region}.amazonaws.com/${account}/${QueueName}`,
  'AWS::StepFunctions::StateMachine': ({ StateMachineName }) => arn('states', `stateMachine:${StateMachineName}`),
  'AWS::Logs::LogGroup': ({ LogGroupName }) => `${LogGroupName}`,
  'AWS::DynamoDB::Table': () => 'TABLE',
  'AWS::ApiGateway::RestApi': () => 'API',
  'AWS::ApiGateway::Stage': ({ StageName }) => `${StageName}`,
  'AWS::Events::Rule': ({ Name }) => `${Name}`,
};

export function resolve<T = unknown>(template: Template, value: unknown): T {
  const find = (id: string): Resource => {
    const found = template.Resources[id];
    if (found === undefined) throw new Error(`the template refers to ${id}, which is not in it`);
    return found;
  };
  const ref = (id: string): string => {
    const named = pseudo[id] ?? template.Parameters[id]?.Default;
    return named ?? refs[find(id).Type]?.(find(id).Properties as Properties) ?? id;
  };
  const attribute = (id: string, name: string): string => {
    const { Type, Properties } = find(id);
    if (name === 'Arn') return (arns[Type] ?? (() => `<${id}.Arn>`))(Properties as Properties, id);
    if (name === 'StreamArn') return `${arns[Type]!({}, id)}/stream/NOW`;
    if (name === 'QueueName') return String(Properties.QueueName);
    return `<${id}.${name}>`;
  };
  const walk = (part: unknown): unknown => {
    if (Array.isArray(part)) return part.map(walk);
    if (typeof part !== 'object' || part === null) return part;
    const entries = Object.entries(part);
    const [key, argument] = entries.length === 1 ? entries[0]! : ['', undefined];
    if (key === 'Ref') return ref(argument as string);
    if (key === 'Fn::GetAtt') return attribute(...(argument as [string, string]));
    if (key === 'Fn::Join') return (walk((argument as [string, unknown[]])[1]) as string[]).join((argument as [string])[0]);
    if (key === 'Fn::Sub') return (argument as string).replace(/\$\{([\w:]+)\}/g, (_, id: string) => ref(id));
    if (key.startsWith('Fn::')) throw new Error(`nothing here knows ${key}`);
    return Object.fromEntries(entries.map(([name, inner]) => [name, walk(inner)]));
  };
  return walk(value) as T;
}

/** Properties of all resources of a type, resolved. */
export function propertiesOf<T = Record<string, unknown>>(template: Template, type: string): readonly T[] {
  return Object.values(template.Resources)
    .filter(({ Type }) => Type === type)
    .map(({ Properties }) => resolve<T>(template, Properties));
}
