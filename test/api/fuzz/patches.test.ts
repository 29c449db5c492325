import { quick } from './effort.ts';
import { fuzzPatches } from './patches.ts';

fuzzPatches(quick);
