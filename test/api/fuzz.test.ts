import { fuzz } from './fuzz/suite.ts';

fuzz(2000, 60_000);
