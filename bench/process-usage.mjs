// What a process has used so far: its own account with the system, which a busy machine does not blur.
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';

const TICKS_PER_SECOND = 100;

/** CPU ms (user and system, all threads) since its start, and resident MB. */
export function usageOf(pid) {
  return existsSync(`/proc/${pid}/stat`) ? fromProc(pid) : fromPs(pid);
}

function fromProc(pid) {
  // The name in the second field may hold blanks; what follows its bracket starts with the third.
  const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const ticks = Number(fields[11]) + Number(fields[12]);
  const rssKb = /^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'latin1'))?.[1];
  return { cpuMs: (ticks * 1_000) / TICKS_PER_SECOND, rssMb: Number(rssKb) / 1_024 };
}

function fromPs(pid) {
  const text = execFileSync('ps', ['-o', 'cputime=,rss=', '-p', String(pid)], { encoding: 'utf8' });
  const [time, rssKb] = text.trim().split(/\s+/);
  const cpuS = time.split(/[-:]/).reduce((sum, part) => sum * 60 + Number(part), 0);
  return { cpuMs: cpuS * 1_000, rssMb: Number(rssKb) / 1_024 };
}
