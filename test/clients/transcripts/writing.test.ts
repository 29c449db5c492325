import { playTranscript } from './play.ts';

playTranscript('changing.txt', 'v36');
playTranscript('applying.txt', 'v36');
