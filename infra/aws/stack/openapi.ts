import type { Kind } from '../../../shared/kinds/define-kind.ts';
import { gatewayResponses } from './gateway-responses.ts';
import { routesOf } from './routes.ts';

/**
 * The API as API Gateway reads it: which function answers where. One document for all kinds, so that the stack has no resource for each path.
 * `title` is the API's name; `integrationOf` gives the integration with the function of an entry.
 */
export function openApiBody(kinds: readonly Kind[], title: string, integrationOf: (entry: string) => object): Record<string, unknown> {
  const paths = [...routesOf(kinds)].map(([path, entry]) => [path, pathItem(path, integrationOf(entry))]);
  return {
    openapi: '3.0.1',
    info: { title, version: 'v1' },
    paths: Object.fromEntries(paths),
    // YAML and protobuf pass as they are.
    'x-amazon-apigateway-binary-media-types': ['*/*'],
    'x-amazon-apigateway-gateway-responses': gatewayResponses(),
  };
}

function pathItem(path: string, integration: object): Record<string, unknown> {
  const variables = [...path.matchAll(/\{(\w+)\+?\}/g)].map(([, name]) => ({
    name,
    in: 'path',
    required: true,
    schema: { type: 'string' },
  }));
  return {
    'x-amazon-apigateway-any-method': {
      ...(variables.length > 0 && { parameters: variables }),
      responses: {},
      'x-amazon-apigateway-integration': integration,
    },
  };
}

/** Answers as they come, for as long as API Gateway lets them: a watch is one long answer, and every path may be watched. */
export const streamingIntegration = (uri: string): object => ({
  type: 'aws_proxy',
  httpMethod: 'POST',
  uri,
  responseTransferMode: 'STREAM',
  timeoutInMillis: 900_000,
});
