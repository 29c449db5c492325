import { long } from './effort.ts';
import { fuzzQuestions } from './questions.ts';

fuzzQuestions(long);
