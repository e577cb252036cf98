import { FETCH_QUEUES } from './fetch-job';
import { HISTORY_QUEUE } from './history-job';
import { PRELOAD_QUEUE } from './preload-job';

/** Every queue of the house, those that somebody waits for first. */
export const QUEUE_NAMES = [...FETCH_QUEUES, PRELOAD_QUEUE, HISTORY_QUEUE] as const;
