import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { App } from 'aws-cdk-lib';
import { entries } from '../../../infra/aws/entries.ts';
import { createApp } from '../../../infra/aws/stack/app.ts';
import type { Kind } from '../../../shared/kinds/define-kind.ts';
import { kinds as ours } from '../../../shared/kinds/index.ts';
import type { Template } from './template.ts';

interface Wanted {
  readonly options?: Readonly<Record<string, unknown>>;
  readonly kinds?: readonly Kind[];
  /** Called before synthesis. */
  readonly check?: (app: App) => void;
  /** CDK checks every template by itself, which takes longer than all else: absent, not here. */
  readonly validate?: boolean;
}

/** Synthesises a plane of placeholder bundles, and hands what came of it to `use` before it is removed. */
export function withAssembly<T>(wanted: Wanted, use: (folder: string) => T): T {
  const { options = {}, kinds = ours, check, validate = false } = wanted;
  const folder = mkdtempSync(join(tmpdir(), 'plastron-stack-'));
  const bundles = join(folder, 'bundles');
  const outdir = join(folder, 'cdk.out');
  try {
    for (const { name } of entries(kinds)) {
      mkdirSync(join(bundles, name), { recursive: true });
      writeFileSync(join(bundles, name, 'index.mjs'), 'export const handler = async () => undefined;\n');
    }
    process.env.CDK_VALIDATION = String(validate);
    const app = createApp({ bundles, outdir, kinds, context: { plastron: options } });
    check?.(app);
    app.synth();
    return use(outdir);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The template of a plane with these options. */
export const synthesize = (options: Readonly<Record<string, unknown>> = {}, kinds: readonly Kind[] = ours): Template =>
  withAssembly({ options, kinds }, (folder) => readTemplate(folder, String(options.prefix ?? 'Plastron')));

export const readTemplate = (folder: string, stack: string): Template =>
  JSON.parse(readFileSync(join(folder, `${stack}.template.json`), 'utf8')) as Template;
