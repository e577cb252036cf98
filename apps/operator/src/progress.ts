import type { Task } from './gateway-api';
import { counted, duration } from './quantities';
import { idleness, type Watch } from './watch';

const BAR_CELLS = 30;

/** How much of the range is done, 0 to 1: tasks go from its end to its begin. */
export function shareDone({ from, to, cursor }: Task): number {
  const [fromMs, toMs, cursorMs] = [Date.parse(from), Date.parse(to), Date.parse(cursor)];
  return (toMs - cursorMs) / (toMs - fromMs);
}

/**
 * `[#####-----] 52%  27 pages  5400 rows  4.9 pages/s  3 s left`, by what happened since the first sight. Where there is trouble it
 * takes the place of the bar, so that a narrow terminal shows it, and nothing is foretold. `silence` is trouble with the gateway.
 */
export function progressLine(watch: Watch, silence?: string): string {
  const { task } = watch.latest;
  const share = shareDone(task);
  const percent = `${String(Math.floor(share * 100)).padStart(3)}%`;
  const counts = [counted(task.pages, 'page'), counted(task.rows, 'row')];
  const trouble = silence ?? idleness(watch) ?? heldUp(task);
  if (trouble !== undefined) return [percent, trouble, ...counts].join('  ');
  const filled = Math.floor(share * BAR_CELLS);
  const bar = `[${'#'.repeat(filled)}${'-'.repeat(BAR_CELLS - filled)}]`;
  return [`${bar} ${percent}`, ...counts, ...rate(watch), ...timeLeft(watch)].join('  ');
}

function heldUp({ state, reason }: Task): string | undefined {
  return state !== 'running' || reason === undefined ? undefined : `held up: ${reason}`;
}

function rate({ first, latest }: Watch): string[] {
  const seconds = (latest.atMs - first.atMs) / 1_000;
  const pages = latest.task.pages - first.task.pages;
  return seconds <= 0 || pages <= 0 ? [] : [`${(pages / seconds).toFixed(1)} pages/s`];
}

function timeLeft({ first, latest }: Watch): string[] {
  const done = shareDone(latest.task) - shareDone(first.task);
  const left = 1 - shareDone(latest.task);
  if (done <= 0 || left <= 0) return [];
  return [`${duration(((latest.atMs - first.atMs) * left) / done)} left`];
}
