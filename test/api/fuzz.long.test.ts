import { fuzz } from './fuzz/suite.ts';

fuzz(100_000, 600_000);
