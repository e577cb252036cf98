export { FetchFailed } from './fetch-ending';
export { FetchConsumer, type FetchConsumerParts } from './fetch-consumer';
export { FETCH_QUEUE, fetchId, type FetchJob, type PageJob, seriesOfJob } from './fetch-job';
export { type FetchOutcome, FetchRequester, type FetchRequesterParts } from './fetch-requester';
