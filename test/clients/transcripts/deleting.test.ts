import { playTranscript } from './play.ts';

playTranscript('deleting.txt', 'v36');
playTranscript('rollouts.txt', 'v36');
playTranscript('helm.txt', 'v36');
