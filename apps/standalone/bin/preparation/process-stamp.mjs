// The compiled program has the same idea in src/processes/process-stamp.ts; this copy runs before anything is compiled.
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

/**
 * When the process with this id started, as text that no other process with the same id shares; undefined when there is
 * none. A process id alone is not enough: a restarted container hands the same small numbers out again.
 */
export function startOf(pid) {
  try {
    return process.platform === 'linux' ? startInProc(pid) : startFromPs(pid);
  } catch {
    return undefined;
  }
}

// After the last ")" come state, parent, ...; the 20th of them is the start in clock ticks since boot.
function startInProc(pid) {
  const line = readFileSync(`/proc/${pid}/stat`, 'utf8');
  const fields = line.slice(line.lastIndexOf(')') + 2).split(' ');
  return fields[0] === 'Z' ? undefined : fields[19];
}

function startFromPs(pid) {
  return execFileSync('ps', ['-o', 'lstart=', '-p', String(pid)], { encoding: 'utf8' }).trim();
}
