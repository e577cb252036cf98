import type { Task } from './gateway-api';

/** One look at a task. */
export interface Sight {
  readonly task: Task;
  /** Monotonic, ms. */
  readonly atMs: number;
}

/** What was seen of a task so far. Instants are monotonic, ms: the gateway's clock may be another. */
export interface Watch {
  readonly first: Sight;
  readonly latest: Sight;
  /** The first sight of the task as it was last written. */
  readonly touchedMs: number;
  /** When the first of the looks was taken that have failed since the latest sight. */
  readonly failingSinceMs?: number;
}

/** Workers write a task with every page and every failed attempt, ten seconds apart at the most. */
const IDLE_AFTER_MS = 30_000;

export function beginWatch(task: Task, atMs: number): Watch {
  const sight = { task, atMs };
  return { first: sight, latest: sight, touchedMs: atMs };
}

/** The watch after a look that showed the task. */
export function seen({ first, latest, touchedMs }: Watch, task: Task, atMs: number): Watch {
  const isTouched = task.updated !== latest.task.updated;
  return { first, latest: { task, atMs }, touchedMs: isTouched ? atMs : touchedMs };
}

/** The watch after a look that was taken at `atMs` and failed. */
export function unseen(watch: Watch, atMs: number): Watch {
  return { ...watch, failingSinceMs: watch.failingSinceMs ?? atMs };
}

/** That nobody works on the task, as far as can be seen: in words, or undefined. */
export function idleness({ latest, touchedMs }: Watch): string | undefined {
  const { task, atMs } = latest;
  if (task.state !== 'running' || atMs - touchedMs < IDLE_AFTER_MS) return undefined;
  return `no worker has touched it since ${task.updated}; see whether one runs and what it logs`;
}
