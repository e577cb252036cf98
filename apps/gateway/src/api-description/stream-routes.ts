import { z } from 'zod';
import type { RouteGroup } from './route-group';

const EVENTS = 'text/event-stream';

/** Server-sent events. */
export const streamRoutes: RouteGroup = {
  tag: 'events',
  description: 'Server-sent events: what changes, as it changes.',
  schemas: {},
  routes: [
    {
      ...{ method: 'get', path: '/api/stream', operationId: 'streamCandles' },
      summary:
        'Candles as they form and close: candle events (market, timeframe, openMs, openTime, open, high, low, close, volume, turnover, timestampMs, final, asOfMs) and gap events (market, timeframe, fromMs, untilMs); one revoked event (detail) when the key is.',
      parameters: [
        {
          ...{ name: 'series', in: 'query', required: true },
          description: 'Up to 20 such as KRW-BTC:1m, each in a parameter of its own; no seconds.',
          schema: z.array(z.string()).min(1).max(20),
        },
        {
          ...{ name: 'Last-Event-ID', in: 'header', schema: z.string() },
          description: 'The id that was told last: closed candles since then are told first.',
        },
      ],
      answers: { 200: { description: 'Events until the caller leaves.', types: [EVENTS] } },
      problems: { 400: 'A series is none, or not listed.' },
    },
    {
      ...{ method: 'get', path: '/api/preloads/{id}/events', operationId: 'followPreloadRun' },
      summary: 'How far a preload run is: progress events, then one end event, each the run.',
      parameters: [{ name: 'id', in: 'path', description: 'The run.', schema: z.string() }],
      answers: { 200: { description: 'Events until the run has ended.', types: [EVENTS] } },
      problems: { 404: 'There is no such run.' },
    },
  ],
};
