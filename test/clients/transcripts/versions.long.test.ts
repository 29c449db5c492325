import { playTranscript } from './play.ts';

/** Every command with the older kubectls and helms too; 1.36 plays them in the fast tests. */
for (const layer of ['v29', 'v31', 'v33'])
  for (const name of ['about', 'reading', 'access', 'changing', 'applying', 'deleting', 'rollouts', 'helm'])
    playTranscript(`${name}.txt`, layer);
