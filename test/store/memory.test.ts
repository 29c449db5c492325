import { createMemoryStore } from '../../shared/store/memory.ts';
import { storeConformance } from './conformance.ts';
import { realClock, realRandom } from './ports.ts';

storeConformance('memory', async () => ({
  open: async ({ clock = realClock() } = {}) => createMemoryStore({ clock, random: realRandom }),
  close: async () => {},
}));
