import { Aws } from 'aws-cdk-lib';
import { ApiDefinition, BasePathMapping, DomainName, EndpointType, SecurityPolicy, SpecRestApi } from 'aws-cdk-lib/aws-apigateway';
import { Certificate } from 'aws-cdk-lib/aws-certificatemanager';
import { ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { CfnRecordSet } from 'aws-cdk-lib/aws-route53';
import { acknowledge } from './acknowledge.ts';
import type { Functions } from './functions.ts';
import { openApiBody, streamingIntegration } from './openapi.ts';
import type { Plan } from './plan.ts';

export interface RestApi {
  readonly api: SpecRestApi;
  /** What clients are given as the server. */
  readonly url: string;
}

const stageName = 'v1';

/** The Kubernetes API: one REST API, regional, in front of a function for each kind. */
export function createApi(plan: Plan, functions: Functions): RestApi {
  const { stack, options, kinds } = plan;
  const body = openApiBody(kinds, options.prefix, (entry) => streamingIntegration(streamingUri(functions.get(entry)!.functionArn)));
  const api = new SpecRestApi(stack, 'Api', {
    restApiName: options.prefix,
    apiDefinition: ApiDefinition.fromInline(body),
    endpointTypes: [EndpointType.REGIONAL],
    // That role is one for the whole account: not ours to set.
    cloudWatchRole: false,
    deployOptions: {
      stageName,
      throttlingRateLimit: options.requestsPerSecond,
      throttlingBurstLimit: options.burst,
    },
  });
  // Its own output says the same as `Url`, but not with a domain.
  api.node.tryRemoveChild('Endpoint');
  permitInvocations(plan, functions, api);
  const reason = 'API Gateway writes logs with a role that belongs to the whole account; the functions log each request.';
  acknowledge(api.deploymentStage, 'APIG1', reason);
  acknowledge(api.deploymentStage, 'APIG6', reason);
  acknowledge(api.deploymentStage, 'APIG3', "A web ACL is the account owner's to choose; every request must carry a signed token.");
  acknowledge(
    api,
    'APIG2',
    'Every request is validated by the function, against the schema of its kind, with answers that kubectl understands.',
  );
  return { api, url: createDomain(plan, api) ?? `https://${api.restApiId}.execute-api.${Aws.REGION}.${Aws.URL_SUFFIX}/${stageName}` };
}

const streamingUri = (functionArn: string): string =>
  `arn:${Aws.PARTITION}:apigateway:${Aws.REGION}:lambda:path/2021-11-15/functions/${functionArn}/response-streaming-invocations`;

/** This API's stage, and nothing else, may call the functions that answer; which paths lead to which is in the document. */
function permitInvocations({ entries }: Plan, functions: Functions, api: SpecRestApi): void {
  for (const { name, sort } of entries)
    if (sort === 'api' || sort === 'discovery')
      functions.get(name)!.addPermission('by-api', {
        principal: new ServicePrincipal('apigateway.amazonaws.com'),
        sourceArn: api.arnForExecuteApi('*', '/*', stageName),
      });
}

/** Returns the URL that the domain stands for, if there is one. */
function createDomain({ stack, options }: Plan, api: SpecRestApi): string | undefined {
  const { domain } = options;
  if (domain === undefined) return undefined;
  const domainName = new DomainName(stack, 'Domain', {
    domainName: domain.name,
    certificate: Certificate.fromCertificateArn(stack, 'Certificate', domain.certificateArn),
    endpointType: EndpointType.REGIONAL,
    securityPolicy: SecurityPolicy.TLS_1_2,
  });
  new BasePathMapping(stack, 'DomainMapping', { domainName, restApi: api, stage: api.deploymentStage });
  if (domain.hostedZoneId !== undefined)
    new CfnRecordSet(stack, 'DomainRecord', {
      name: domain.name,
      type: 'A',
      hostedZoneId: domain.hostedZoneId,
      aliasTarget: { dnsName: domainName.domainNameAliasDomainName, hostedZoneId: domainName.domainNameAliasHostedZoneId },
    });
  return `https://${domain.name}`;
}
