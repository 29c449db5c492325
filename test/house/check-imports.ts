import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { findBreaches, readSource } from './find-breaches.ts';

/** `npm run imports`: checks every TypeScript file of the repository against the import rules. */
const root = new URL('../../', import.meta.url);
const listed = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard', '*.ts'], {
  cwd: fileURLToPath(root),
  encoding: 'utf8',
});
// Listed are also files that were deleted and not committed yet.
const files = listed.split('\n').filter((path) => path !== '' && !path.includes('/gen/') && existsSync(new URL(path, root)));
const breaches = findBreaches(files.map((path) => readSource(root, path)));
for (const breach of breaches) process.stderr.write(`${breach}\n`);
process.stdout.write(`${files.length} files, ${breaches.length} breaches of the import rules\n`);
process.exitCode = breaches.length === 0 ? 0 : 1;
