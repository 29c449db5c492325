import { existsSync, readFileSync } from 'node:fs';
import { describe } from '@jest/globals';

/** Talos' own test data lies beside the repository where somebody has put it; suites that need it skip elsewhere. */
const folder = new URL('../../../../shared/reference/talos-configs/', import.meta.url);
const present = existsSync(folder);
if (!present) process.stderr.write('skipped: ../shared/reference/talos-configs is absent, so nothing is compared with upstream\n');

export const describeWithReference = present ? describe : describe.skip;
export const readReference = (name: string): string => readFileSync(new URL(name, folder), 'utf8');
