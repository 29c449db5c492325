import { fuzzBodies } from './bodies.ts';
import { quick } from './effort.ts';

fuzzBodies(quick);
