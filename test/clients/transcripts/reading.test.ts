import { playTranscript } from './play.ts';

playTranscript('about.txt', 'v36');
playTranscript('reading.txt', 'v36');
playTranscript('access.txt', 'v36');
