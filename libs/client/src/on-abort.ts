const tasksBySignal = new WeakMap<AbortSignal, Set<() => void>>();

/**
 * Has `task` run when the signal is aborted; the function that it returns takes it back. A signal of ours or of a caller's may stop any
 * number of calls: it gets one listener for all of them, since Node.js takes more than ten for a leak and warns.
 */
export function onAbort(signal: AbortSignal, task: () => void): () => void {
  const tasks = tasksBySignal.get(signal) ?? listen(signal);
  tasks.add(task);
  return () => {
    tasks.delete(task);
  };
}

function listen(signal: AbortSignal): Set<() => void> {
  const tasks = new Set<() => void>();
  tasksBySignal.set(signal, tasks);
  const run = (): void => {
    for (const task of tasks) task();
  };
  signal.addEventListener('abort', run, { once: true });
  return tasks;
}
