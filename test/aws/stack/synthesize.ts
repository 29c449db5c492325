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

const made = new Map<string, Template>();

/** The template of a plane with these options; made once for each. */
export function synthesize(options: Readonly<Record<string, unknown>> = {}, kinds: readonly Kind[] = ours): Template {
  const key = JSON.stringify([options, kinds.map(({ kind }) => kind)]);
  const template = made.get(key) ?? synthesizeAgain(options, kinds);
  made.set(key, template);
  return template;
}

export const synthesizeAgain = (options: Readonly<Record<string, unknown>> = {}, kinds: readonly Kind[] = ours): Template =>
  withAssembly({ options, kinds }, (folder) => {
    const stack = String(options.prefix ?? 'Plastron');
    return JSON.parse(readFileSync(join(folder, `${stack}.template.json`), 'utf8')) as Template;
  });
