/** `npm run graphs` draws every state machine into infra/graphs/drawn; with `-- --check` it only says what would change. */
import { workflows } from '../../shared/kinds/workflows.ts';
import { drawAll } from './draw.ts';
import { bringUpToDate, compare } from './folder.ts';

const folder = new URL('drawn/', import.meta.url);
const wanted = drawAll(workflows);
const options = process.argv.slice(2);

if (options.length === 0) {
  const { changed } = bringUpToDate(folder, wanted);
  process.stdout.write(`${wanted.size} state machines, ${changed.length} drawn anew\n`);
} else if (options.length === 1 && options[0] === '--check') {
  const { changed, stale } = compare(folder, wanted);
  for (const file of [...changed, ...stale])
    process.stderr.write(`infra/graphs/drawn/${file} is not as it would be drawn: run npm run graphs\n`);
  process.exitCode = changed.length + stale.length === 0 ? 0 : 1;
} else {
  process.stderr.write(`npm run graphs takes no option but -- --check, not ${options.join(' ')}\n`);
  process.exitCode = 2;
}
