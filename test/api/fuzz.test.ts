import { fuzz } from './fuzz/suite.ts';

fuzz({ bodies: 2000, patches: 2000, others: 2000 }, 3, 60_000);
