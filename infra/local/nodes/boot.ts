import { gunzipSync } from 'node:zlib';
import { type MachineConfig, parseMachineConfig } from '../../../shared/bootstrap/talos/machine-config.ts';

/** How far a machine has come with what it was given to boot with. */
export type Boot =
  | { readonly stage: 'off' }
  | { readonly stage: 'booting' }
  /** Nothing was given: Talos waits for a config. */
  | { readonly stage: 'maintenance'; readonly says: string }
  /** It boots, refuses its config and boots again, for ever: its console alone says why. */
  | { readonly stage: 'error loop'; readonly says: string }
  | { readonly stage: 'running'; readonly config: MachineConfig };

const largest = 1024 * 1024;

/** Reads user data as Talos does: raw or gzip, one v1alpha1 config of several documents. */
export function bootFrom(userData: string, talosVersion: string): Boot {
  try {
    const text = unpacked(userData);
    if (text.trim() === '') return { stage: 'maintenance', says: 'no machine configuration: this machine is in maintenance mode' };
    return { stage: 'running', config: parseMachineConfig(text, { talosVersion }) };
  } catch (error) {
    return { stage: 'error loop', says: `failed to load the machine configuration: ${error instanceof Error ? error.message : error}` };
  }
}

/** User data is text; a cloud that carries bytes hands each over as one character. */
function unpacked(userData: string): string {
  if (!userData.startsWith('\x1f\x8b\x08')) return userData;
  return gunzipSync(Buffer.from(userData, 'latin1'), { maxOutputLength: largest }).toString('utf8');
}
