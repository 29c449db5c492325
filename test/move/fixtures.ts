import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ExportCommand, ImportCommand, Where } from '../../infra/move/options.ts';
import { type Outcome, runExport, runImport } from '../../infra/move/run.ts';
import { realClock, realRandom } from '../store/ports.ts';

/** What `npm run plastron` does, in this process. */
export interface Operator {
  readonly directory: string;
  /** What was told, in order. */
  readonly told: string[];
  export(where: Where, file: string, more?: Partial<ExportCommand>): Promise<Outcome>;
  import(file: string, where: Where, more?: Partial<ImportCommand>): Promise<Outcome>;
  close(): void;
}

export const ports = { clock: realClock(), random: realRandom };

export function newOperator(): Operator {
  const directory = mkdtempSync(join(tmpdir(), 'plastron-move-'));
  const told: string[] = [];
  const all = { ...ports, tell: (says: string) => void told.push(says), process };
  return {
    directory,
    told,
    export: (where, file, more) =>
      runExport({ command: 'export', where, out: join(directory, file), pause: true, waitSeconds: 5, json: false, ...more }, all),
    import: (file, where, more) =>
      runImport({ command: 'import', where, file: join(directory, file), keepPaused: false, json: false, ...more }, all),
    close: () => rmSync(directory, { recursive: true }),
  };
}
