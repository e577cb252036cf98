import type { MetricDeclaration } from './metric-declaration';

const GATEWAY = ['gateway'] as const;

/** From a page in memory (some 0.1 ms) to a caller's whole patience (8 s). */
const ANSWER_BOUNDS = [
  0.0002, 0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10,
] as const;
/** Callers take an age of a second unless they say otherwise. */
const AGE_BOUNDS = [0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 60, 600, 86_400] as const;

/** What gateways tell: of what they answered, and of what all processes share. */
export const gatewayMetrics = {
  httpRequests: {
    kind: 'counter',
    name: 'candlekeep_http_requests_total',
    help: 'Requests by route, by where the answer came from (none: it is no answer of candles or texts), and by status.',
    labels: ['route', 'source', 'status'],
    on: GATEWAY,
  },
  httpDuration: {
    kind: 'histogram',
    name: 'candlekeep_http_request_duration_seconds',
    help: 'From the arrival of a request until its answer was handed to the socket.',
    labels: ['route', 'source'],
    bounds: ANSWER_BOUNDS,
    on: GATEWAY,
  },
  answers: {
    kind: 'counter',
    name: 'candlekeep_answers_total',
    help: 'Answered questions, each of a batch by itself, by the tier that answered.',
    labels: ['source'],
    on: GATEWAY,
  },
  refusedQuestions: {
    kind: 'counter',
    name: 'candlekeep_refused_questions_total',
    help: 'Questions that were answered with an error, each of a batch by itself.',
    labels: [],
    on: GATEWAY,
  },
  callsEachForItself: {
    kind: 'counter',
    name: 'candlekeep_calls_each_for_itself_total',
    help: 'Calls that the callers would have made at the exchange: one for each 200 candles, at least one for each answered question.',
    labels: [],
    on: GATEWAY,
  },
  staleAnswers: {
    kind: 'counter',
    name: 'candlekeep_stale_answers_total',
    help: 'Answers that were older than asked for, and labelled so.',
    labels: [],
    on: GATEWAY,
  },
  answerAge: {
    kind: 'histogram',
    name: 'candlekeep_answer_age_seconds',
    help: 'How old what was answered was, at the answer.',
    labels: ['source'],
    bounds: AGE_BOUNDS,
    on: GATEWAY,
  },
  l0Bytes: {
    kind: 'gauge',
    name: 'candlekeep_l0_bytes',
    help: 'Encoded answers kept in the memory of the gateway.',
    labels: [],
    on: GATEWAY,
  },
  streamClients: {
    kind: 'gauge',
    name: 'candlekeep_stream_clients',
    help: 'Clients that follow now: the stream in the form of the exchange (websocket), or server-sent events (events).',
    labels: ['kind'],
    on: GATEWAY,
  },
  streamFramesWaiting: {
    kind: 'gauge',
    name: 'candlekeep_stream_frames_waiting',
    help: 'Frames that wait for WebSocket clients that do not keep up.',
    labels: [],
    on: GATEWAY,
  },
  queueJobs: {
    kind: 'gauge',
    name: 'candlekeep_queue_jobs',
    help: 'Jobs by queue and state.',
    labels: ['queue', 'state'],
    on: GATEWAY,
    isShared: true,
  },
  budgetAllowed: {
    kind: 'gauge',
    name: 'candlekeep_exchange_calls_allowed_per_second',
    help: 'Calls that may be made in any second at present, by egress and limit group.',
    labels: ['egress', 'group'],
    on: GATEWAY,
    isShared: true,
  },
  budgetUsed: {
    kind: 'gauge',
    name: 'candlekeep_exchange_calls_in_last_second',
    help: 'Calls granted in the last second.',
    labels: ['egress', 'group'],
    on: GATEWAY,
    isShared: true,
  },
  budgetHourUsed: {
    kind: 'gauge',
    name: 'candlekeep_exchange_calls_in_last_hour',
    help: 'Calls granted in the last hour.',
    labels: ['egress', 'group'],
    on: GATEWAY,
    isShared: true,
  },
  budgetHourLimit: {
    kind: 'gauge',
    name: 'candlekeep_exchange_calls_allowed_per_hour',
    help: 'The cap of LIMIT_PER_HOUR; missing where there is none.',
    labels: ['egress', 'group'],
    on: GATEWAY,
    isShared: true,
  },
  budgetWaiting: {
    kind: 'gauge',
    name: 'candlekeep_exchange_calls_waiting',
    help: 'Calls that wait for their turn, by lane.',
    labels: ['egress', 'group', 'lane'],
    on: GATEWAY,
    isShared: true,
  },
  exchangeStopped: {
    kind: 'gauge',
    name: 'candlekeep_exchange_stopped',
    help: '1 while calls are stopped, by reason; 0 while they pass, or one may pass to find out. Group * stops a whole egress (418).',
    labels: ['egress', 'group', 'reason'],
    on: GATEWAY,
    isShared: true,
  },
  reconciliationRepairs: {
    kind: 'counter',
    name: 'candlekeep_reconciliation_repaired_rows_total',
    help: 'Stored rows that second looks found otherwise at the exchange, and repaired.',
    labels: [],
    on: GATEWAY,
    isShared: true,
  },
} as const satisfies Readonly<Record<string, MetricDeclaration>>;
