import { readdirSync, readFileSync, readlinkSync } from 'node:fs';

/** The addresses on which a process listens for TCP, out of Linux' /proc: `127.0.0.1:6443`, or hexadecimal for IPv6. */
export function listenersOf(pid: number): string[] {
  const inodes = new Set(readdirSync(`/proc/${pid}/fd`).map((fd) => /^socket:\[(\d+)\]$/.exec(linkOf(`/proc/${pid}/fd/${fd}`))?.[1]));
  return ['tcp', 'tcp6'].flatMap((table) =>
    readFileSync(`/proc/${pid}/net/${table}`, 'utf8')
      .trimEnd()
      .split('\n')
      .slice(1)
      .map((line) => line.trim().split(/\s+/))
      .filter(([, , , state, , , , , , inode]) => state === listening && inodes.has(inode))
      .map(([, local = '']) => addressOf(local)),
  );
}

const listening = '0A';

/** A descriptor may be closed while one looks. */
function linkOf(path: string): string {
  try {
    return readlinkSync(path);
  } catch {
    return '';
  }
}

/** `0100007F:1A2B` -> `127.0.0.1:6699`: the bytes of an IPv4 address stand in the order of the processor. */
function addressOf(local: string): string {
  const [address = '', port = ''] = local.split(':');
  if (address.length !== 8) return local;
  const bytes = address.match(/../g)!.map((byte) => Number.parseInt(byte, 16));
  return `${bytes.toReversed().join('.')}:${Number.parseInt(port, 16)}`;
}
