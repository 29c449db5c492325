import { systemClock as clock, systemRandom as random } from '../system.ts';
import { help } from './help.ts';
import { parseCommand, UsageError } from './options.ts';

/** `npm run plastron`: what it does is told on standard error, so that standard output is free for the export and for `--json`. */

const { stdout, stderr } = process;
const paint = (code: number, text: string): string => (stderr.isTTY ? `\u001b[${code}m${text}\u001b[0m` : text);
const tell = (says: string): void => void stderr.write(`${paint(2, new Date(clock.now()).toISOString().slice(11, 19))} ${says}\n`);

async function main(): Promise<void> {
  const command = parseCommand(process.argv.slice(2), process.env);
  if (command.command === 'help') return void stdout.write(`${help}\n`);
  // Only now: help and a wrong option need not wait for the SDKs.
  const { runExport, runImport } = await import('./run.ts');
  const ports = { clock, random, tell, process };
  const outcome =
    command.command === 'export' ? await runExport(command, { ...ports, signal: interrupted() }) : await runImport(command, ports);
  if (command.json) stdout.write(`${JSON.stringify(outcome)}\n`);
}

/** The first Ctrl-C lets go what was paused; a second one means it. */
function interrupted(): AbortSignal {
  const interrupt = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => interrupt.abort());
  return interrupt.signal;
}

main().catch((error: unknown) => {
  const usage = error instanceof UsageError;
  stderr.write(`${paint(31, error instanceof Error ? error.message : String(error))}\n${usage ? '(--help explains)\n' : ''}`);
  process.exitCode = usage ? 2 : 1;
});
