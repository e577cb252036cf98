export { FetchFailed } from './fetch-ending';
export { FetchConsumer, type FetchConsumerParts } from './fetch-consumer';
export {
  type CandleJob,
  FETCH_QUEUE,
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
export { type FetchOutcome, FetchRequester, type FetchRequesterParts } from './fetch-requester';
export { HISTORY_CONCURRENCY, HistoryConsumer } from './history-consumer';
export { HISTORY_QUEUE, historyId, type HistoryJob } from './history-job';
export { HistoryQueue, type HistoryQueueParts } from './history-queue';
export type { ConsumerParts } from './queue-consumer';
