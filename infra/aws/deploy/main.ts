import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { OptionRefused, readOptions } from '../options.ts';
import { CannotDeploy, clientsFor, outputOf, stackNamed, whoDeploys } from './account.ts';
import { type Arguments, asContext, help, readArguments, WrongArguments } from './arguments.ts';
import { planDeployment } from './plan.ts';

const root = fileURLToPath(new URL('../../../', import.meta.url));
const cdk = fileURLToPath(new URL('../../../node_modules/aws-cdk/bin/cdk', import.meta.url));

/** Runs a program to its end, with this terminal. Throws when it fails: it has said why. */
function run(program: string, args: readonly string[], environment: NodeJS.ProcessEnv = {}): void {
  const { status } = spawnSync(program, args, { cwd: root, stdio: 'inherit', env: { ...process.env, ...environment } });
  if (status !== 0) throw new CannotDeploy(`${args[0]} failed: what it said stands above`);
}

async function deploy(args: Arguments): Promise<void> {
  const { context = {} } = JSON.parse(readFileSync(`${root}cdk.json`, 'utf8')) as { context?: Record<string, unknown> };
  const options = readOptions({ ...context, ...asContext(args.options) });
  const clients = clientsFor(args.profile, args.region ?? options.region);
  const deployer = await whoDeploys(clients);
  const found = {
    bootstrapped: (await stackNamed(clients, 'CDKToolkit')) !== undefined,
    deployed: (await stackNamed(clients, options.prefix)) !== undefined,
  };
  const commands = planDeployment(args, options, deployer, found);
  if (args.dryRun) {
    for (const { because, args: words } of commands) process.stdout.write(`${because}: cdk ${words.join(' ')}\n`);
    return;
  }
  run(process.execPath, ['infra/aws/bundle/main.ts']);
  run(process.execPath, ['infra/app.ts', ...Object.entries(args.options).flatMap(([name, value]) => ['-c', `${name}=${value}`])]);
  for (const { because, args: words } of commands) {
    process.stdout.write(`\n${because}\n`);
    run(process.execPath, [cdk, ...words], { AWS_REGION: deployer.region });
  }
  const stack = await stackNamed(clients, options.prefix);
  process.stdout.write(
    `\nThe plane is at ${outputOf(stack, 'Url')}. kubectl gets there with:\n\n${outputOf(stack, 'KubeconfigCommand')}\n`,
  );
}

try {
  const args = readArguments(process.argv.slice(2));
  if (args.help) process.stdout.write(help());
  else await deploy(args);
} catch (error) {
  const known = error instanceof WrongArguments || error instanceof OptionRefused || error instanceof CannotDeploy;
  process.stderr.write(`${known ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
