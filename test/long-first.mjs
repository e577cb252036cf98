import { existsSync } from 'node:fs';
import path from 'node:path';
import TestSequencer from '@jest/test-sequencer';

const root = path.resolve(import.meta.dirname, '..');

/** Files that wait, for minutes to close, leases to end, a rate to come back: the longest first. */
const waiting = [
  'test/resilience/fault-campaign.spec.ts',
  'test/e2e/live.spec.ts',
  'test/resilience/live-stream-faults.spec.ts',
  'test/resilience/live-leader.spec.ts',
  'test/e2e/preload.spec.ts',
  'test/resilience/limiter-episodes.spec.ts',
  'test/resilience/live-outages.spec.ts',
  'test/resilience/killed-backfill.spec.ts',
  'test/resilience/limiter-urgency.spec.ts',
  'test/resilience/killed-preload.spec.ts',
  'test/resilience/limiter-memory.spec.ts',
  'test/resilience/limiter-jitter.spec.ts',
  'test/resilience/limiter-clocks.spec.ts',
  'test/resilience/limiter-kills.spec.ts',
  'test/e2e/history-commands.spec.ts',
  'test/e2e/stream-events.spec.ts',
  'test/integration/preload-queue.spec.ts',
  'test/integration/exchange-client-simulator.spec.ts',
  'test/e2e/stale-answers.spec.ts',
];

/** Files that work without a pause, for 20 s and more. */
const working = [
  'test/model/model.spec.ts',
  'test/live-day/live-day.spec.ts',
  'test/economy/economy.spec.ts',
  'test/preload/positions.spec.ts',
  'test/preload/followed.spec.ts',
  'test/e2e/browser-dashboard.spec.ts',
  'test/e2e/clients/ccxt.spec.ts',
  'apps/exchange-simulator/src/tape/minute-path.spec.ts',
];

/** One that works after every two that wait: side by side they keep two cores busy, and leave those that measure time their share. */
const ranks = new Map([
  ...waiting.map((file, place) => [file, place]),
  ...working.map((file, place) => [file, 2 * place + 1.5]),
]);
const gone = [...ranks.keys()].filter((file) => !existsSync(path.join(root, file)));
if (gone.length > 0) {
  throw new Error(`test/long-first.mjs names ${gone.join()}: no such file; mend the list`);
}

/**
 * Long files first, so that at the end no worker is left alone with one. On a machine that has never run the tests jest itself
 * knows only how large each file is.
 */
export default class LongFirst extends TestSequencer {
  sort(tests) {
    const rankOf = (test) => ranks.get(path.relative(root, test.path)) ?? Number.MAX_VALUE;
    return super.sort(tests).sort((a, b) => rankOf(a) - rankOf(b));
  }
}
