import { CandleWindow } from '@candlekeep/candle-cache';
import { ReconciliationTotals } from '@candlekeep/history';
import { isMarketCode } from '@candlekeep/market';
import { Controller, Delete, Get, Query } from '@nestjs/common';
import { badRequest } from '../api/api-refusal';
import { EXPECTED_MARKET } from '../api/expected-series';
import { CandlePurge } from './candle-purge';

/** What is known about the cache itself, and the way to make it forget a market. */
@Controller('api')
export class CacheController {
  constructor(
    private readonly window: CandleWindow,
    private readonly purging: CandlePurge,
    private readonly totals: ReconciliationTotals,
  ) {}

  /** Every series in L1, the least recently used first. */
  @Get('cache')
  async cache() {
    return (await this.window.list()).map(
      ({ series, createdAtMs, updatedAtMs, usedAtMs, ...counts }) => ({
        ...{ market: series.market, timeframe: series.timeframe.code, ...counts },
        ...{ created: iso(createdAtMs), updated: iso(updatedAtMs), used: iso(usedAtMs) },
      }),
    );
  }

  /** What reconciliation has done since ever. */
  @Get('reconciliation')
  async reconciliation() {
    return await this.totals.read();
  }

  /** Forgets every timeframe of a market that was renamed or redenominated. */
  @Delete('candles')
  async forget(@Query('market') market: unknown) {
    if (typeof market !== 'string' || !isMarketCode(market)) {
      throw badRequest([{ field: 'market', expected: EXPECTED_MARKET }]);
    }
    const purged = await this.purging.purge(market);
    return {
      market,
      rows: purged.reduce((sum, { rows }) => sum + rows, 0),
      series: purged.map(({ series, rows }) => ({ timeframe: series.timeframe.code, rows })),
    };
  }
}

function iso(epochMs: number): string {
  return new Date(epochMs).toISOString();
}
