export { FetchFailed } from './fetch-ending';
export { FetchConsumer, type FetchConsumerParts } from './fetch-consumer';
export {
  FETCH_QUEUE,
  fetchId,
  type FetchJob,
  MAX_QUERY_LENGTH,
  type PageJob,
  seriesOfJob,
  type TextJob,
  textAnswerName,
} from './fetch-job';
export { type FetchOutcome, FetchRequester, type FetchRequesterParts } from './fetch-requester';
