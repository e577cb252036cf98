import { z } from 'zod';

/** BullMQ queue that carries long-running work on what is stored; nobody waits for its jobs. */
export const HISTORY_QUEUE = 'history';

/** Work that no calculator waits for. Jobs carry a name only; what there is to do, and how far it came, is kept elsewhere. */
export const historyJobSchema = z.discriminatedUnion('kind', [
  /** A backfill or a verification, from where it stands. */
  z.object({ kind: z.literal('task'), taskId: z.string().min(1).max(64) }),
  /** One round of looking again at what is stored and not verified. */
  z.object({ kind: z.literal('reconcile') }),
  /** Packing of what is past correction, where the store can. */
  z.object({ kind: z.literal('compress') }),
]);

export type HistoryJob = z.infer<typeof historyJobSchema>;

/** Equal work has equal ids: `task:<id>`, `reconcile`, `compress`. */
export function historyId(job: HistoryJob): string {
  return job.kind === 'task' ? `task:${job.taskId}` : job.kind;
}
