import { readFileSync } from 'node:fs';

/**
 * The most resident memory that this process has had, all its threads together, MB. On Linux as the kernel has it of the program that runs:
 * `maxRSS` there begins with what the parent had when it forked.
 */
export function peakRssMb(): number {
  try {
    const kb = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync('/proc/self/status', 'utf8'))?.[1];
    if (kb !== undefined) return Number(kb) / 1024;
  } catch {
    // Not Linux.
  }
  return process.resourceUsage().maxRSS / 1024;
}
