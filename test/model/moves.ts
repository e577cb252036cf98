import { LATEST_MS } from '@candlekeep/candle-cache';
import { Timeframe } from '@candlekeep/market';
import fc from 'fast-check';
import { type Board, Move } from './move';
import type { Run } from './run';
import { FREELY, type Leave } from './stage';
import type { LostPart } from './tiers';
import { DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS } from './world';

/** Which of the run's timeframes. */
const rung = fc.nat(11);
const market = fc.oneof(
  { weight: 7, arbitrary: fc.constant(0) },
  { weight: 1, arbitrary: fc.constantFrom(1, 2) },
);
const leave = fc.oneof(
  { weight: 3, arbitrary: fc.constant(FREELY) },
  { weight: 3, arbitrary: fc.nat(12).map((steps): Leave => ({ steps })) },
  {
    weight: 1,
    arbitrary: fc
      .record({ atStep: fc.nat(10), isDone: fc.boolean() })
      .map((crash): Leave => ({ ...FREELY, crash })),
  },
);
const question = fc.record({
  market,
  rung,
  /** Slots back from now; null for the newest. */
  back: fc.oneof(
    { weight: 4, arbitrary: fc.constant(null) },
    { weight: 3, arbitrary: fc.integer({ min: -2, max: 30 }) },
    { weight: 2, arbitrary: fc.nat(700) },
  ),
  count: fc.oneof(fc.constantFrom(1, 2, 14, 200), fc.integer({ min: 1, max: 200 })),
  maxAgeMs: fc.constantFrom(0, 500, 1_000, 1_000, 5_000, 60_000, 60_000, HOUR_MS),
  maxStaleMs: fc.constantFrom(0, 0, 0, 2_000, HOUR_MS),
  staleIfErrorMs: fc.constantFrom(0, 0, 5_000, HOUR_MS),
  gateway: fc.nat(1),
});
type Question = typeof question extends fc.Arbitrary<infer Asked> ? Asked : never;

function ask(
  run: Run,
  { market: index, rung: which, back, gateway, ...wish }: Question,
  how: Leave,
) {
  const series = { market: pick(run.markets, index), timeframe: timeframeOf(run, which) };
  const backMs = series.timeframe.shift(run.time.trueMs, -(back ?? 0));
  const beforeMs = back === null ? LATEST_MS : series.timeframe.ceil(backMs);
  return run.read({ ...wish, series, beforeMs, onlyIfCached: false }, gateway, how);
}

const reads = question.map(
  (asked) =>
    new Move(
      `answer(${print(asked)})`,
      async (run) => {
        await run.seeThrough(await ask(run, asked, FREELY));
      },
      (run) => run.canAct,
    ),
);
/** Calculators ask the same again and again; what a gateway has in its memory shows only then. */
const repeated = fc
  .record({
    back: fc.nat(5),
    other: fc.boolean(),
    maxAgeMs: fc.constantFrom(500, 1_000, 5_000, HOUR_MS),
  })
  .map(
    ({ back, other, maxAgeMs }) =>
      new Move(
        `again(${back}${other ? ', of the other gateway' : ''}, max-age ${maxAgeMs})`,
        async (run) => {
          const { query, gateway } = pick(run.asked, run.asked.length - 1 - back);
          const actor = await run.read({ ...query, maxAgeMs }, gateway + Number(other), FREELY);
          await run.seeThrough(actor);
        },
        (run) => run.asked.length > back && run.canAct,
      ),
  );
const begunReads = fc.tuple(question, leave).map(
  ([asked, how]) =>
    new Move(
      `ask(${print(asked)}, ${printLeave(how)})`,
      async (run) => {
        await ask(run, asked, how);
      },
      (run) => run.canAct,
    ),
);
const served = fc.tuple(fc.nat(7), leave).map(
  ([index, how]) =>
    new Move(
      `serve(${index}, ${printLeave(how)})`,
      (run) => run.serve(pick(run.source.jobs, index), how),
      (run) => run.source.jobs.length > 0 && run.canAct,
    ),
);
const lost = fc.nat(7).map(
  (index) =>
    new Move(
      `lose(${index})`,
      (run) => run.lose(pick(run.source.jobs, index)),
      (run) => run.source.jobs.length > 0,
    ),
);
const resumed = fc.tuple(fc.nat(7), leave).map(
  ([index, how]) =>
    new Move(
      `resume(${index}, ${printLeave(how)})`,
      (run) => run.resume(pick(run.heldActors, index), how),
      (run) => run.heldActors.length > 0,
    ),
);

const spans = fc.oneof(
  { weight: 12, arbitrary: fc.nat(1_200) },
  { weight: 5, arbitrary: fc.integer({ min: 1_000, max: 30 * SECOND_MS }) },
  { weight: 2, arbitrary: fc.integer({ min: MINUTE_MS, max: 20 * MINUTE_MS }) },
  { weight: 1, arbitrary: fc.integer({ min: HOUR_MS, max: 8 * HOUR_MS }) },
  { weight: 1, arbitrary: fc.integer({ min: DAY_MS, max: 4 * DAY_MS }) },
);
const passed = spans.map((ms) => new Move(`pass(${ms})`, (run) => run.pass(ms), canPass));
/** To just before or after a close: the moments at which everything changes. */
const passedToClose = fc
  .record({
    code: fc.constantFrom('1m', '1m', '60m', '1d', '1w'),
    ms: fc.integer({ min: -1_500, max: 8_000 }),
  })
  .map(
    ({ code, ms }) =>
      new Move(
        `passToClose(${code}, ${ms})`,
        async (run) => {
          const { trueMs } = run.time;
          await run.pass(Math.max(0, Timeframe.parse(code).closeOf(trueMs) + ms - trueMs));
        },
        canPass,
      ),
  );
const turnedCache = fc.integer({ min: -4_000, max: 4_000 }).map(
  (ms) =>
    new Move(`turnCacheClock(${ms})`, (run) => {
      run.turnCacheClock(ms);
    }),
);
const turnedProcess = fc.integer({ min: -5_000, max: 5_000 }).map(
  (ms) =>
    new Move(`turnProcessClock(${ms})`, (run) => {
      run.time.turnProcessClock(ms);
    }),
);
const evicted = fc
  .tuple(market, rung, fc.constantFrom<LostPart>('rows', 'meta', 'both'))
  .map(
    ([index, which, part]) =>
      new Move(`evict(market ${index} rung ${which}, ${part})`, (run) =>
        run.loseKeys(
          { market: pick(run.markets, index), timeframe: timeframeOf(run, which) },
          part,
        ),
      ),
  );
const flushed = fc.constant(new Move('flush', (run) => run.loseKeys(undefined, 'both')));
const restarted = fc.constant(new Move('restart', (run) => run.restart()));
const toggledHearing = fc.nat(1).map(
  (gateway) =>
    new Move(`toggleHearing(${gateway})`, (run) => {
      run.toggleHearing(gateway);
    }),
);
/** Work that is done or dies on its way; it is never held. */
const wholly = leave.map((how): Leave => ({ ...how, steps: Infinity }));
/** Windows are made larger or smaller, or as they were. */
const preferred = fc
  .tuple(
    fc.array(fc.record({ market, which: rung, rows: fc.constantFrom(200, 201, 400, 1_500) }), {
      maxLength: 3,
    }),
    wholly,
  )
  .map(([wishes, how]) => {
    const words = wishes.map(
      (wish) => `market ${wish.market} rung ${wish.which} ${wish.rows} rows`,
    );
    return new Move(`prefer(${words.join(', ')}, ${printLeave(how)})`, (run) =>
      run.upkeep.prefer(
        wishes.map(({ market: index, which, rows }) => ({
          series: { market: pick(run.markets, index), timeframe: timeframeOf(run, which) },
          rows,
        })),
        how,
      ),
    );
  });
const reconciled = wholly.map(
  (how) => new Move(`reconcile(${printLeave(how)})`, (run) => run.upkeep.reconcile(how)),
);
const rewritten = fc
  .tuple(
    market,
    fc.constantFrom(60, 60, 300, 9_000).chain((max) => fc.integer({ min: 1, max })),
  )
  .map(
    ([index, back]) =>
      new Move(`rewrite(${index}, ${back})`, (run) => {
        const minuteMs = Math.floor(run.time.trueMs / MINUTE_MS - back) * MINUTE_MS;
        run.upkeep.rewrite(pick(run.markets, index), minuteMs);
      }),
  );
const verified = fc
  .tuple(market, wholly)
  .map(
    ([index, how]) =>
      new Move(`verify(${index}, ${printLeave(how)})`, (run) =>
        run.upkeep.verify(pick(run.markets, index), how),
      ),
  );
const purged = fc
  .tuple(market, wholly)
  .map(
    ([index, how]) =>
      new Move(`purge(${index}, ${printLeave(how)})`, (run) =>
        run.upkeep.purge(pick(run.markets, index), how),
      ),
  );

/** Every move, as often as it is interesting. */
export const moves: fc.Arbitrary<fc.AsyncCommand<Board, Run>> = fc.oneof(
  { weight: 30, arbitrary: reads },
  { weight: 20, arbitrary: repeated },
  { weight: 14, arbitrary: begunReads },
  { weight: 14, arbitrary: served },
  { weight: 16, arbitrary: resumed },
  { weight: 2, arbitrary: lost },
  { weight: 14, arbitrary: passed },
  { weight: 6, arbitrary: passedToClose },
  { weight: 2, arbitrary: turnedCache },
  { weight: 1, arbitrary: turnedProcess },
  { weight: 3, arbitrary: evicted },
  { weight: 1, arbitrary: preferred },
  { weight: 1, arbitrary: flushed },
  { weight: 1, arbitrary: restarted },
  { weight: 1, arbitrary: toggledHearing },
  { weight: 2, arbitrary: reconciled },
  { weight: 2, arbitrary: rewritten },
  { weight: 3, arbitrary: verified },
  { weight: 1, arbitrary: purged },
);

/** Rows that the exchange changes and somebody looks at again, and little else: for faults that show in nothing else. */
export const corrections: fc.Arbitrary<fc.AsyncCommand<Board, Run>> = fc.oneof(
  { weight: 8, arbitrary: reads },
  { weight: 2, arbitrary: passed },
  { weight: 3, arbitrary: rewritten },
  { weight: 3, arbitrary: verified },
);

/** The same asked again and again of two gateways, and little else: for faults of what a gateway has in its memory. */
export const repetitions: fc.Arbitrary<fc.AsyncCommand<Board, Run>> = fc.oneof(
  { weight: 3, arbitrary: reads },
  { weight: 10, arbitrary: repeated },
  { weight: 4, arbitrary: passed },
  { weight: 2, arbitrary: rewritten },
  { weight: 2, arbitrary: verified },
);

function canPass(run: Run): boolean {
  return run.hasTime;
}

function timeframeOf(run: Run, which: number): Timeframe {
  return Timeframe.parse(pick(run.codes, which));
}

function pick<Value>(values: readonly Value[], index: number): Value {
  const value = values[index % values.length];
  if (value === undefined) throw new RangeError('nothing to pick from');
  return value;
}

function print(asked: Question): string {
  const { market: index, rung: which, back, count, gateway, ...ages } = asked;
  const { maxAgeMs, maxStaleMs, staleIfErrorMs } = ages;
  const wish = `max-age ${maxAgeMs} max-stale ${maxStaleMs} stale-if-error ${staleIfErrorMs}`;
  return `market ${index} rung ${which} back ${back} count ${count} ${wish} gateway ${gateway}`;
}

function printLeave({ steps, crash }: Leave): string {
  if (crash !== undefined) return `dies ${crash.isDone ? 'after' : 'before'} step ${crash.atStep}`;
  return steps === Infinity ? 'freely' : `${steps} steps`;
}
