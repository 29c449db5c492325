import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { systemClock as clock, systemRandom as random } from '../../system.ts';
import { createScreen } from '../demo/screen.ts';
import { measureApi, sizes } from './api/measure.ts';
import { apiTable } from './api/report.ts';
import { type Measurement, measure } from './measure.ts';
import { table } from './report.ts';

const help = `Measures the making of one cluster on this machine: the real clock, HTTPS, the embedded DynamoDB on disk.

  npm run bench -- [--machines N] [--boot-seconds S] [--against M] [--json]
  npm run bench -- --api [--json]

  --machines N       one master on Google Cloud, the workers half there and half on AWS (100)
  --boot-seconds S   how long a fake instance takes to boot: what no plane can beat (10)
  --against M        measures M machines too, and by how much the cost of one grows from there
  --json             ends with one line of JSON: the measurement of N machines, or of the API
  --api              measures the API alone: get, list, create, patch and watch, with up to 10,000 machines stored

The multiple is the time from the first request of apply until a watch has seen all Machines Ready. Meanwhile a user gets a Machine or
lists 50, in turn, ten times a second: the API's times are theirs. Costs are those of the plane's process (the fake clouds and nodes are
in it) until nothing is left to be done; CPU includes that user's requests, reads do not. Reads and writes are DynamoDB capacity
units as AWS would bill them, counted at the socket. A bound that is missed is said in the table; the exit code is 0 nevertheless.

With --api a process serves HTTPS over the embedded DynamoDB, as npm start does, without reconcilers, clouds and nodes, and with the heap
of a function of 256 MB. Its memory is that process's at its peak, the embedded DynamoDB in it; another process has stored the machines.
Times are a client's, on the same processors: from the request to the last byte of the answer, of all pages of a list (500 rows
each, as kubectl), and from the request of a change to its event at each of 100 watches with a connection of its own.`;

function fail(sentence: string): never {
  process.stderr.write(`${sentence}\n`);
  process.exit(2);
}

function optionsOf(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        machines: { type: 'string', default: '100' },
        'boot-seconds': { type: 'string', default: '10' },
        against: { type: 'string' },
        api: { type: 'boolean', default: false },
        json: { type: 'boolean', default: false },
        help: { type: 'boolean', default: false },
      },
    }).values;
  } catch (error) {
    return fail(`${error instanceof Error ? error.message : error}\n\n${help}`);
  }
}

function countOf(option: string, text: string): number {
  const value = Number(text);
  return Number.isInteger(value) && value >= 1 ? value : fail(`--${option} takes a whole number from 1 on, not "${text}"`);
}

function secondsOf(option: string, text: string): number {
  const value = Number(text);
  return Number.isFinite(value) && value > 0 ? value : fail(`--${option} takes a number of seconds above 0, not "${text}"`);
}

async function run(): Promise<void> {
  const values = optionsOf(process.argv.slice(2));
  if (values.help) return void process.stdout.write(`${help}\n`);
  const machines = countOf('machines', values.machines);
  const bootSeconds = secondsOf('boot-seconds', values['boot-seconds']);
  const fewer = values.against === undefined ? undefined : countOf('against', values.against);
  const directory = mkdtempSync(join(tmpdir(), 'plastron-bench-'));
  const leave = (): void => rmSync(directory, { recursive: true, force: true });
  process.once('SIGINT', () => {
    leave();
    process.exit(130);
  });
  // With --json, the only line of standard output is the JSON.
  const screen = createScreen({ out: values.json ? process.stderr : process.stdout, now: () => clock.now(), json: false });
  const ports = { directory, clock, random, screen };
  const measureSome = (count: number): Promise<Measurement> => measure({ machines: count, bootSeconds, ...ports });
  const measureMachines = async () => {
    const smaller = fewer === undefined ? undefined : await measureSome(fewer);
    const measured = await measureSome(machines);
    return { text: table(measured, smaller), result: measured.result };
  };
  const measureTheApi = async () => {
    const measured = await measureApi({ sizes, ...ports });
    return { text: apiTable(measured), result: measured.result };
  };
  try {
    const { text, result } = await (values.api ? measureTheApi() : measureMachines());
    screen.say(`\n${text}`);
    if (values.json) process.stdout.write(`${JSON.stringify(result)}\n`);
    leave();
  } catch (error) {
    screen.fails(error instanceof Error ? error.message : String(error));
    screen.say(`data and log: ${directory}`);
    process.exitCode = 1;
  }
}

await run();
