import { fuzz } from './fuzz/suite.ts';

fuzz(2000, 2, 60_000);
