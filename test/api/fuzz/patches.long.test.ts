import { long } from './effort.ts';
import { fuzzPatches } from './patches.ts';

fuzzPatches(long);
