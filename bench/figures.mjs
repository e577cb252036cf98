// Percentiles of measured values, and the tables that go into docs/PERFORMANCE.md.
import { setTimeout as pause } from 'node:timers/promises';

export function quantile(values, share) {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))];
}

export function table(rows) {
  const [head] = rows;
  const lines = rows.map((row) => `| ${row.join(' | ')} |`);
  return [lines[0], `|${head.map(() => '---').join('|')}|`, ...lines.slice(1)].join('\n');
}

// Times `work` alone; `pauseMs` lies between two runs.
export async function timesOf(count, work, pauseMs = 0) {
  const times = [];
  for (let i = 0; i < count; i += 1) {
    const startMs = performance.now();
    await work(i);
    times.push(performance.now() - startMs);
    if (pauseMs > 0) await pause(pauseMs);
  }
  return times;
}
