import { rmSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { entries } from '../entries.ts';
import { budgets, bundle } from './bundle.ts';

/** `npm run bundle`: every function of the plane into dist/lambda. */
const out = 'dist/lambda';
rmSync(out, { recursive: true, force: true });
const waiting = [...entries()];
let failed = false;
await Promise.all(
  Array.from({ length: availableParallelism() }, async () => {
    for (let entry = waiting.shift(); entry !== undefined; entry = waiting.shift()) {
      const { bytes } = await bundle(entry, out);
      const over = bytes > budgets[entry.sort];
      failed ||= over;
      process.stdout.write(`${String(Math.ceil(bytes / 1000)).padStart(6)} KB  ${entry.name}${over ? '  over its budget' : ''}\n`);
    }
  }),
);
if (failed) process.exitCode = 1;
