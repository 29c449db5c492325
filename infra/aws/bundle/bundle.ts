import { mkdirSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build, type Metafile, type Plugin } from 'esbuild';
import { services } from '../../../shared/provisioners/gce/clients.ts';
import { keepServices } from '../../../shared/provisioners/gce/protos.ts';
import type { Entry, Sort } from '../entries.ts';

const root = fileURLToPath(new URL('../../../', import.meta.url));

/** The largest that a bundle may be, bytes: a Lambda reads all of it before its first answer. */
export const budgets: Readonly<Record<Sort, number>> = {
  api: 700_000,
  discovery: 700_000,
  reconcile: 1_000_000,
  dispatch: 1_000_000,
  executions: 700_000,
  collect: 1_000_000,
  sweep: 1_000_000,
  steps: 2_000_000,
  'cloud-steps': 2_000_000,
};

export interface Bundle {
  readonly entry: Entry;
  /** Of index.mjs, without its source map. */
  readonly bytes: number;
  /** What it is made of. */
  readonly inputs: Metafile['outputs'][string]['inputs'];
}

/** Bundles one function into `<out>/<name>/index.mjs`. The same sources give the same bytes, wherever they lie. */
export async function bundle(entry: Entry, out: string): Promise<Bundle> {
  const { metafile, outputFiles } = await build({
    stdin: { contents: sourceOf(entry), resolveDir: root, sourcefile: `${entry.name}.ts`, loader: 'ts' },
    absWorkingDir: root,
    // Where it would be; the source map's paths are relative to that.
    outfile: `dist/lambda/${entry.name}/index.mjs`,
    write: false,
    bundle: true,
    minify: true,
    // Google's JSON serialiser knows a Long by the name of its class. An API needs no names, and starts without them sooner.
    keepNames: entry.sort !== 'api' && entry.sort !== 'discovery',
    sourcemap: true,
    sourcesContent: false,
    platform: 'node',
    target: 'node24',
    format: 'esm',
    mainFields: ['module', 'main'],
    metafile: true,
    logLevel: 'error',
    plugins: [roleOnly, descriptors, restOnly],
    // What CommonJS packages ask for, under a name that no minifier gives.
    banner: { js: "import{createRequire as __createRequire}from'node:module';const require=__createRequire(import.meta.url);" },
  });
  mkdirSync(join(out, entry.name), { recursive: true });
  for (const { path, contents } of outputFiles) writeFileSync(join(out, entry.name, basename(path)), contents);
  const output = Object.entries(metafile.outputs).find(([path]) => path.endsWith('index.mjs'))!;
  return { entry, bytes: output[1].bytes, inputs: output[1].inputs };
}

/** A function's module: what functions/ says, on the host. Each sort has its own, so that a bundle holds only the ports that it needs. */
function sourceOf({ sort, from, export: name }: Entry): string {
  const runtime = sort === 'discovery' ? 'api' : sort;
  return [
    `import { serve } from './infra/aws/runtime/${runtime}.ts';`,
    `import { ${name} as door } from './functions/${from}.ts';`,
    'export const handler = serve(door);',
  ].join('\n');
}

/** A Lambda finds the credentials of its role in its environment; the SDK's other seven places to look, and their clients, stay at home. */
const roleOnly: Plugin = {
  name: 'role-only',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^@aws-sdk\/credential-provider-node$/ }, ({ path, importer }) => ({
      path,
      namespace: 'role-only',
      pluginData: createRequire(importer).resolve(path),
    }));
    onLoad({ filter: /.*/, namespace: 'role-only' }, ({ pluginData }) => ({
      contents: "export { fromEnv as defaultProvider } from '@aws-sdk/credential-provider-env';",
      resolveDir: dirname(pluginData as string),
      loader: 'js',
    }));
  },
};

/** The descriptor of a hundred Google services, cut down to those that we call: 11.6 MB less. */
const descriptors: Plugin = {
  name: 'descriptors',
  setup({ onLoad }) {
    onLoad({ filter: /@google-cloud\/compute\/build\/protos\/protos\.json$/ }, async ({ path }) => {
      const descriptor: unknown = JSON.parse(await readFile(path, 'utf8'));
      keepServices(descriptor, services);
      return { contents: JSON.stringify(descriptor), loader: 'json' };
    });
  },
};

/** Google's clients for Compute speak JSON over HTTP; the gRPC that they load beside it is never used. */
const restOnly: Plugin = {
  name: 'rest-only',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^google-gax$/ }, ({ path, importer }) => ({
      path,
      namespace: 'rest-only',
      pluginData: createRequire(importer).resolve(path),
    }));
    onLoad({ filter: /.*/, namespace: 'rest-only' }, ({ pluginData }) => ({
      contents: [
        "const fallback = require('./fallback.js');",
        "module.exports = { ...fallback, fallback, loggingUtils: require('google-logging-utils') };",
      ].join('\n'),
      resolveDir: dirname(pluginData as string),
      loader: 'js',
    }));
    // Messages of two services that Compute does not have.
    onLoad({ filter: /google-gax\/build\/protos\/(iam_service|locations)\.js$/ }, () => ({
      contents: 'module.exports = {};',
      loader: 'js',
    }));
  },
};
