import type { Functions } from './functions.ts';
import { type ApiBody, eventOf, responseFrom, routeOf } from './gateway.ts';
import type { Deployed } from './template.ts';

/** API Gateway in front of the functions, as the template sets it up. */
export function frontOf(deployed: Deployed, functions: Functions): (request: Request) => Promise<Response> {
  const body = deployed.ofType('AWS::ApiGateway::RestApi')[0]!.properties.Body as ApiBody;
  const stage = String(deployed.ofType('AWS::ApiGateway::Stage')[0]!.properties.StageName);
  return async (request) => {
    const path = pathBelow(stage, request);
    const route = path === undefined ? undefined : routeOf(body, request.method, path);
    if (path === undefined || route === undefined) return Response.json({ message: 'Missing Authentication Token' }, { status: 403 });
    const event = await eventOf(request, { path, stage, resource: route.resource });
    return responseFrom((chunk) => functions.invoke(route.functionName, event, chunk));
  };
}

/** Undefined: the path is not below the stage. */
function pathBelow(stage: string, request: Request): string | undefined {
  const { pathname } = new URL(request.url);
  return pathname.startsWith(`/${stage}/`) ? pathname.slice(stage.length + 1) : undefined;
}
