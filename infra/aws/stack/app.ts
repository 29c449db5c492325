import { App, Stack } from 'aws-cdk-lib';
import { kinds as allKinds } from '../../../shared/kinds/index.ts';
import { workflows } from '../../../shared/kinds/workflows.ts';
import { entries } from '../entries.ts';
import { readOptions } from '../options.ts';
import { createPlane } from './plane.ts';

export interface AppOptions {
  /** Options of the plane, as a CDK context holds them. */
  readonly context?: Readonly<Record<string, unknown>>;
  /** Where the cloud assembly is written; absent: where the CDK command line says, else into a temporary folder. */
  readonly outdir?: string;
  /** Folder of the bundles. */
  readonly bundles: string;
  /** Other kinds than ours. */
  readonly kinds?: typeof allKinds;
}

/** What CDK finds wrong in a template fails its synthesis, not only a deployment. */
const strict = { '@aws-cdk/core:strictCfnValidateErrors': true };

/**
 * A CDK app of one stack, which is named after the plane. No account, region or network is needed to synthesise it.
 * @throws OptionRefused if the context says what cannot be.
 */
export function createApp({ context = {}, outdir, bundles, kinds = allKinds }: AppOptions): App {
  const app = new App({ context: { ...context, ...strict }, analyticsReporting: false, ...(outdir !== undefined && { outdir }) });
  const options = readOptions(app.node.getAllContext());
  const { prefix, account, region, clouds } = options;
  const stack = new Stack(app, prefix, {
    description: `The plane ${prefix}: Kubernetes Cluster API without a management cluster`,
    tags: { plane: prefix },
    ...(account !== undefined && region !== undefined && { env: { account, region } }),
  });
  createPlane({ stack, options, kinds, workflows, bundles, entries: entries(kinds, clouds) });
  return app;
}
