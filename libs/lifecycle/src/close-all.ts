import type { Closable } from './process-lifecycle';

/** Closes what needs nothing of one another at once. One that fails does not keep the others open; the first failure is thrown at the end. */
export async function closeTogether(opened: readonly Closable[]): Promise<void> {
  const ends = await Promise.allSettled(opened.map((closable) => closable.close()));
  for (const end of ends) if (end.status === 'rejected') throw end.reason;
}

/** Closes in reverse order of opening. One that fails does not keep the others open; the first failure is thrown at the end. */
export async function closeAll(opened: readonly Closable[]): Promise<void> {
  const failures: unknown[] = [];
  for (const closable of [...opened].reverse()) {
    try {
      await closable.close();
    } catch (error) {
      failures.push(error);
    }
  }
  if (failures.length > 0) throw failures[0];
}
