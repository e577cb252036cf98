import fc from 'fast-check';
import { parseMarketCode, type Series, Timeframe } from '@candlekeep/market';
import { ModelExchange } from '../../../test/support/model-exchange';
import { PAGE_ROWS } from './candle-query';
import { judgePage, SETTLE_MS } from './page-evidence';

const WORLD_SLOTS = 500;
const FAR_FUTURE_MS = Date.UTC(2200, 0);

describe('the three states of a slot, for any page of any market', () => {
  it('says traded, with the last word on it, or empty, only where that stays true for ever', () => {
    fc.assert(
      fc.property(anyPage, ({ series, opens, page }) => {
        const { covered, finals } = judgePage(page);
        const truth = new ModelExchange(series, opens);
        const inside = truth
          .answer({ beforeMs: covered.untilMs, count: WORLD_SLOTS }, FAR_FUTURE_MS)
          .filter(({ openMs }) => openMs >= covered.fromMs);
        expect(finals).toEqual(inside.reverse());
      }),
    );
  });

  it('leaves unknown only what is younger than its read, older than its full page, or not asked', () => {
    fc.assert(
      fc.property(anyPage, ({ series, page, nowMs, slots }) => {
        const { covered, head } = judgePage(page);
        // A newest page without any row is a sight, not a proof.
        fc.pre(head === undefined || page.candles.length > 0);
        const oldestMs = page.candles.length < PAGE_ROWS ? 0 : page.candles[0]!.openMs;
        const isProvable = (openMs: number): boolean =>
          series.timeframe.closeOf(openMs) + SETTLE_MS <= page.readAt.earliestMs &&
          openMs < (page.toMs ?? nowMs) &&
          openMs >= oldestMs;
        const known = slots.filter(
          (openMs) => openMs >= covered.fromMs && openMs < covered.untilMs,
        );
        expect(known).toEqual(slots.filter(isProvable));
      }),
    );
  });

  it('shows in the head all that the exchange showed above the settled edge, and only of the present', () => {
    fc.assert(
      fc.property(anyPage, ({ series, page, nowMs }) => {
        const { head, covered } = judgePage(page);
        if (head === undefined || page.candles.length === 0) return;
        expect(head.rows).toEqual(page.candles.filter(({ openMs }) => openMs >= head.fromMs));
        expect(head.fromMs).toBe(Math.max(covered.fromMs, covered.untilMs));
        expect(page.toMs ?? Infinity).toBeGreaterThan(series.timeframe.floor(nowMs));
      }),
    );
  });
});

/** A market that traded in some slots, and a page of it read at any moment, newest or ended by any slot. */
const anyPage = fc
  .record({
    code: fc.constantFrom('1m', '3m', '1d', '1w', '1M'),
    isTraded: fc.array(fc.boolean(), { minLength: WORLD_SLOTS, maxLength: WORLD_SLOTS }),
    everTraded: fc.integer({ min: 0, max: WORLD_SLOTS }),
    now: fc.integer({ min: 1, max: WORLD_SLOTS - 2 }),
    sinceOpenMs: fc.oneof(fc.integer({ min: 0, max: 12_000 }), fc.integer({ min: 0, max: 59_999 })),
    to: fc.option(fc.integer({ min: 1, max: WORLD_SLOTS - 1 })),
    isBusy: fc.boolean(),
  })
  .map(({ code, isTraded, everTraded, now, sinceOpenMs, to, isBusy }) => {
    const timeframe = Timeframe.parse(code);
    const series: Series = { market: parseMarketCode('KRW-KNC'), timeframe };
    const startMs = timeframe.ceil(Date.UTC(2020, 0));
    const slots = isTraded.map((_, slot) => timeframe.shift(startMs, slot));
    const opens = slots.filter((_, slot) => slot >= everTraded && (isBusy || isTraded[slot]));
    const nowMs = slots[now]! + sinceOpenMs;
    const page = new ModelExchange(series, opens).page(to === null ? undefined : slots[to], nowMs);
    // A read whose instant is known to the millisecond.
    const readAt = { earliestMs: nowMs, latestMs: nowMs };
    return { series, slots, opens, nowMs, page: { ...page, readAt } };
  });
