import { quick } from './effort.ts';
import { fuzzQuestions } from './questions.ts';

fuzzQuestions(quick);
