export { AllQueues, QUEUE_NAMES } from './all-queues';
export { FetchFailed } from './fetch-ending';
export { FetchConsumer, type FetchConsumerParts } from './fetch-consumer';
export type { FetchDemand } from './fetch-demand';
export {
  fetchId,
  type FetchJob,
  type FoldJob,
  type HeadJob,
  MAX_QUERY_LENGTH,
  type PageJob,
  seriesOfJob,
  type TextJob,
  textAnswerName,
} from './fetch-job';
export { DEADLINE_PASSED } from './fetch-refusals';
export { type FetchOutcome, FetchRequester, type FetchRequesterParts } from './fetch-requester';
export { HISTORY_CONCURRENCY, HistoryConsumer } from './history-consumer';
export type { HistoryJob } from './history-job';
export { HistoryQueue } from './history-queue';
export { JOB_OUTCOMES, type JobOutcome, type JobTally } from './job-tally';
export { PreloadConsumer, type PreloadConsumerParts } from './preload-consumer';
export { PRELOAD_QUEUE, preloadId, type PreloadJob } from './preload-job';
export type { PreloadWork } from './preload-progress';
export { type AddedPreload, PreloadQueue } from './preload-queue';
export type { PreloadSchedule } from './preload-schedule';
export { type QueueDepth, QueueDepths } from './queue-depths';
export { QueueMender, type QueueMenderParts } from './queue-mender';
export { QUEUE_PARTS } from './queue-parts';
export type { Urgency } from './urgency';
