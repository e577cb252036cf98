import { existsSync, readdirSync, readFileSync, readlinkSync } from 'node:fs';

/** How a process stands, as the system sees it. */
export interface Vitals {
  readonly rssBytes: number;
  /** Open sockets, listening ones included. */
  readonly sockets: number;
}

/** Undefined where the system has no `/proc`: there is nothing to compare there. */
export function readVitals(pid: number): Vitals | undefined {
  if (!existsSync('/proc/self/fd')) return undefined;
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  const kilobytes = Number(/VmRSS:\s+(\d+)/.exec(status)?.[1] ?? NaN);
  const open = readdirSync(`/proc/${pid}/fd`).filter((fd) => isSocket(`/proc/${pid}/fd/${fd}`));
  return { rssBytes: kilobytes * 1_024, sockets: open.length };
}

function isSocket(link: string): boolean {
  try {
    return readlinkSync(link).startsWith('socket:');
  } catch {
    // Closed meanwhile.
    return false;
  }
}
