import { existsSync, readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import type { Endpoints } from './files.ts';

export interface FormerPorts {
  readonly api: number;
  readonly stepFunctions: number;
  readonly dynamodb: number;
  readonly aws: number;
  readonly gce: number;
}

/**
 * The ports that a plane had the last time, where they are free; else 0, any. A user's credentials may name the fake's
 * token endpoint, and kubeconfigs the API: a restart should not make them stale.
 */
export async function formerPorts(data: string): Promise<FormerPorts> {
  const path = join(data, 'endpoints.json');
  const former = existsSync(path) ? (JSON.parse(readFileSync(path, 'utf8')) as Endpoints) : undefined;
  const free = async (url: string | undefined): Promise<number> => {
    const port = url === undefined ? 0 : Number(new URL(url).port);
    return (await isFree(port)) ? port : 0;
  };
  return {
    api: await free(former?.api),
    stepFunctions: await free(former?.stepFunctions),
    dynamodb: await free(former?.dynamodb),
    aws: await free(former?.clouds.aws),
    gce: await free(former?.clouds.gce),
  };
}

const isFree = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const probe = createServer();
    probe.once('error', () => resolve(false));
    probe.listen(port, '127.0.0.1', () => probe.close(() => resolve(true)));
  });
