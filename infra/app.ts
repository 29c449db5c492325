import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { createApp } from './aws/stack/app.ts';
import { checkAgainstAwsSolutions } from './aws/stack/checks.ts';

/*
 * The CDK app. The cdk command line runs it with a context of its own making; run by itself it takes the context from
 * cdk.json and its arguments, `-c clouds=gce` or `-c plastron:clouds=gce`, and writes cdk.out.
 */

const pathOf = (file: string): string => fileURLToPath(new URL(`../${file}`, import.meta.url));

function contextOf(args: readonly string[]): Record<string, unknown> {
  const { values } = parseArgs({ args: [...args], options: { context: { type: 'string', short: 'c', multiple: true, default: [] } } });
  const given = values.context.map((pair) => {
    const [key = '', ...value] = pair.split('=');
    return [key.startsWith('plastron:') ? key : `plastron:${key}`, value.join('=')];
  });
  const file = pathOf('cdk.json');
  const kept = existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as { context?: Record<string, unknown> }).context : undefined;
  return { ...kept, ...Object.fromEntries(given) };
}

try {
  const byCdk = process.env.CDK_OUTDIR !== undefined;
  const bundles = pathOf('dist/lambda');
  const app = createApp(byCdk ? { bundles } : { bundles, outdir: pathOf('cdk.out'), context: contextOf(process.argv.slice(2)) });
  checkAgainstAwsSolutions(app);
  const { stacks } = app.synth();
  if (!byCdk) process.stdout.write(`${stacks.map(({ templateFile }) => `cdk.out/${templateFile}`).join(' ')}\n`);
} catch (error) {
  // What was wrong with a check is in the report that CDK has printed.
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
