import { fuzzBodies } from './bodies.ts';
import { long } from './effort.ts';

fuzzBodies(long);
