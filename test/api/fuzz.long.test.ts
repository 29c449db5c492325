import { fuzz } from './fuzz/suite.ts';

// Of patches 100,000 in all.
fuzz({ bodies: 100_000, patches: 25_000, others: 4_000 }, 41, 600_000);
