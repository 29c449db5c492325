import { createWriteStream, mkdirSync } from 'node:fs';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { systemClock } from '../system.ts';
import { jsonLog } from './log.ts';
import type { Plane } from './plane.ts';

const help = `Runs the whole plane on this machine: the Kubernetes API, an embedded DynamoDB, a Step Functions endpoint,
and fakes of the clouds whose instances boot as Talos nodes. Nothing listens beyond loopback.

  npm start -- [options]

  --port N               port of the Kubernetes API (the one it had before, or any free one)
  --data DIR             where everything is kept (.plastron)
  --boot-seconds S       how long a fake instance takes to boot (5)
  --join-timeout S       how long a running instance may take to become a Node (1200)
  --one-address          reach all masters through ports of 127.0.0.1, as it is where nothing else answers (macOS)
  --verbose              log every decision, not only what goes wrong (to DIR/plane.log)
  --help                 this text

  Ctrl-C stops it; the next start goes on where it was.`;

/** A number that is not negative; anything else ends the process with a sentence. */
function numberOf(option: string, text: string | undefined, fallback: number): number {
  const value = text === undefined ? fallback : Number(text.trim() || Number.NaN);
  if (!Number.isFinite(value) || value < 0) fail(`--${option} takes a number, not "${text}"`);
  return value;
}

function portOf(text: string): number {
  const port = numberOf('port', text, 0);
  if (!Number.isInteger(port) || port > 65_535) fail(`--port takes a whole number up to 65535, not "${text}"`);
  return port;
}

function fail(sentence: string): never {
  process.stderr.write(`${sentence}\n`);
  process.exit(2);
}

function optionsOf(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        port: { type: 'string' },
        data: { type: 'string', default: '.plastron' },
        'boot-seconds': { type: 'string' },
        'join-timeout': { type: 'string' },
        'one-address': { type: 'boolean', default: false },
        verbose: { type: 'boolean', default: false },
        help: { type: 'boolean', default: false },
      },
    }).values;
  } catch (error) {
    return fail(`${error instanceof Error ? error.message : error}\n\n${help}`);
  }
}

function makeDirectory(path: string): void {
  try {
    mkdirSync(path, { recursive: true });
  } catch (error) {
    fail(`--data ${path} cannot be made a directory: ${error instanceof Error ? error.message : error}`);
  }
}

/** Where everything is; scripts wait for the last line. */
const announcement = ({ endpoints, kubeconfig }: Plane, data: string): string => {
  const { api, stepFunctions, dynamodb, clouds, reservedAddresses, keyPairs, portMap = {} } = endpoints;
  return `${[
    `kubeconfig          ${kubeconfig}`,
    `Kubernetes API      ${api}`,
    `Step Functions      ${stepFunctions}   (aws stepfunctions list-state-machines --endpoint-url ${stepFunctions})`,
    `DynamoDB            ${dynamodb}`,
    `Google Cloud        ${clouds.gce}   (GET /_state shows all that it holds)`,
    `AWS EC2             ${clouds.aws}   (GET /_state shows all that it holds)`,
    `reserved addresses  gce ${reservedAddresses.gce.join(', ')}; aws ${reservedAddresses.aws.join(', ')}`,
    `key pairs           aws ${keyPairs.aws.join(', ')}`,
    ...Object.entries(portMap).map(([at, here]) => `port map            ${at} is at ${here}`),
    ...Object.entries(portMap).slice(0, 1).map(howToReach),
    `log                 ${data}/plane.log`,
    '',
    `try                 KUBECONFIG=${kubeconfig} kubectl get clusters,machines -A`,
    'ready',
  ].join('\n')}\n`;
};

const howToReach = ([at, here]: [string, string]): string =>
  `                    only 127.0.0.1 answers here: kubectl --server https://${here} --tls-server-name ${at.split(':')[0]} ...`;

async function main(): Promise<void> {
  const options = optionsOf(process.argv.slice(2));
  if (options.help) {
    process.stdout.write(`${help}\n`);
    return;
  }
  const bootSeconds = numberOf('boot-seconds', options['boot-seconds'], 5);
  const joinTimeoutSeconds = numberOf('join-timeout', options['join-timeout'], 1200);
  const port = options.port === undefined ? undefined : portOf(options.port);
  const data = resolve(options.data);
  makeDirectory(data);
  const log = jsonLog(createWriteStream(`${data}/plane.log`, { flags: 'a', mode: 0o600 }), systemClock, options.verbose ? 'debug' : 'info');
  // Only now: it loads the SDKs of all clouds, and help or a bad option need not wait for that.
  const { startPlane } = await import('./plane.ts');
  const plane = await startPlane({
    data,
    bootSeconds,
    joinTimeoutSeconds,
    oneAddress: options['one-address'],
    log,
    ...(port !== undefined && { port }),
  }).catch((error: unknown) => fail(`the plane does not start: ${error instanceof Error ? error.message : String(error)}`));
  process.stdout.write(announcement(plane, data));

  let stopping = false;
  const stop = (): void => {
    // A second Ctrl-C means it.
    if (stopping) process.exit(130);
    stopping = true;
    process.stdout.write('stopping\n');
    plane.close().then(
      () => process.exit(0),
      (error: unknown) => fail(`could not stop cleanly: ${String(error)}`),
    );
  };
  process.on('SIGINT', stop);
  process.on('SIGTERM', stop);
}

await main();
