import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { createScreen } from '../demo/screen.ts';
import { systemClock as clock, systemRandom as random } from '../system.ts';
import { type Measurement, measure } from './measure.ts';
import { table } from './report.ts';

const help = `Measures the making of one cluster on this machine: the real clock, HTTPS, the embedded DynamoDB on disk.

  npm run bench -- [--machines N] [--boot-seconds S] [--against M] [--json]

  --machines N       one master on Google Cloud, the workers half there and half on AWS (100)
  --boot-seconds S   how long a fake instance takes to boot: what no plane can beat (10)
  --against M        measures M machines too, and by how much the cost of one grows from there
  --json             ends with one line of JSON: the measurement of N machines

From the first request of apply until a watch has seen all Machines Ready, meanwhile a user gets a Machine and lists 50 ten
times a second. Costs are of the plane's process, until it has nothing left to do. Reads and writes are DynamoDB capacity units
as AWS would bill them, counted at the socket, without that user's. It ends with 0 also when a bound is missed: the table says so.`;

const { values } = parseArgs({
  options: {
    machines: { type: 'string', default: '100' },
    'boot-seconds': { type: 'string', default: '10' },
    against: { type: 'string' },
    json: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});

function wholeNumber(option: string, text: string): number {
  const value = Number(text);
  if (Number.isInteger(value) && value >= 1) return value;
  process.stderr.write(`--${option} takes a whole number from 1 on, not "${text}"\n`);
  process.exit(2);
}

async function run(): Promise<void> {
  const machines = wholeNumber('machines', values.machines);
  const bootSeconds = wholeNumber('boot-seconds', values['boot-seconds']);
  const fewer = values.against === undefined ? undefined : wholeNumber('against', values.against);
  const directory = mkdtempSync(join(tmpdir(), 'plastron-bench-'));
  const leave = (): void => rmSync(directory, { recursive: true, force: true });
  process.once('SIGINT', () => {
    leave();
    process.exit(130);
  });
  // With --json, the only line of standard output is the JSON.
  const screen = createScreen({ out: values.json ? process.stderr : process.stdout, now: () => clock.now(), json: false });
  const measureSome = (count: number): Promise<Measurement> => measure({ machines: count, bootSeconds, directory, clock, random, screen });
  try {
    const smaller = fewer === undefined ? undefined : await measureSome(fewer);
    const measured = await measureSome(machines);
    screen.say(`\n${table(measured, smaller)}`);
    if (values.json) process.stdout.write(`${JSON.stringify(measured.result)}\n`);
    leave();
  } catch (error) {
    screen.fails(error instanceof Error ? error.message : String(error));
    screen.say(`data and log: ${directory}`);
    process.exitCode = 1;
  }
}

if (values.help) process.stdout.write(`${help}\n`);
else await run();
