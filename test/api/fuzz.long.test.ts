import { fuzz } from './fuzz/suite.ts';

fuzz(100_000, 11, 1_200_000);
