import { playTranscript } from './play.ts';

/** All commands with these versions are in versions.long.test.ts. */
for (const layer of ['v29', 'v31', 'v33']) playTranscript('smoke.txt', layer);
