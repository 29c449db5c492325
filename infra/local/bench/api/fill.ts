/** Stores ready Machines of the numbers that its arguments say, and ends: what a server has in memory is then its own doing. */
import { machine } from '../../../../shared/kinds/machine/kind.ts';
import { readyMachine } from './machines.ts';
import { openBenchStore } from './store.ts';

const [data = '', from, to] = process.argv.slice(2);
process.on('disconnect', () => process.exit(1));
const { store, close } = await openBenchStore(data);

let next = Number(from);
async function fillOn(): Promise<void> {
  while (next < Number(to)) {
    await store.create(machine, readyMachine(next++));
    if (next % 100 === 0) process.send?.(next);
  }
}

/** So many at once keep both threads busy. */
await Promise.all(Array.from({ length: 16 }, fillOn));
await close();
process.exit(0);
