import { isoSeconds, type Candle, type Series } from '@candlekeep/market';

const KST_AHEAD_MS = 9 * 3_600_000;

/** What shapes a body besides its rows. */
export interface BodyShape extends Series {
  /** Whether day rows end with `converted_trade_price`, which is null for a KRW market. */
  readonly withConvertedPrice: boolean;
}

/** Prints rows as the exchange's candle body: its key order, its digits, no white space. */
export function candleBody(candles: readonly Candle[], shape: BodyShape): string {
  return `[${candles.map((candle) => rowText(candle, shape)).join(',')}]`;
}

function rowText(candle: Candle, shape: BodyShape): string {
  const members = [
    `"market":"${shape.market}"`,
    `"candle_date_time_utc":"${isoSeconds(candle.openMs)}"`,
    `"candle_date_time_kst":"${isoSeconds(candle.openMs + KST_AHEAD_MS)}"`,
    `"opening_price":${candle.open}`,
    `"high_price":${candle.high}`,
    `"low_price":${candle.low}`,
    `"trade_price":${candle.close}`,
    `"timestamp":${candle.timestampMs}`,
    `"candle_acc_trade_price":${candle.turnover}`,
    `"candle_acc_trade_volume":${candle.volume}`,
    ...tailMembers(candle, shape),
  ];
  return `{${members.join(',')}}`;
}

function tailMembers(candle: Candle, { timeframe, withConvertedPrice }: BodyShape): string[] {
  switch (timeframe.kind) {
    case 'second':
      return [];
    case 'minute':
      return [`"unit":${timeframe.unit}`];
    case 'day':
      return [
        ...dailyMembers(candle),
        ...(withConvertedPrice ? ['"converted_trade_price":null'] : []),
      ];
    case 'week':
    case 'month':
    case 'year':
      return [`"first_day_of_period":"${isoSeconds(candle.openMs).slice(0, 10)}"`];
  }
}

function dailyMembers({ daily }: Candle): string[] {
  if (daily === undefined) return [];
  return [
    `"prev_closing_price":${daily.previousClose}`,
    `"change_price":${daily.change}`,
    `"change_rate":${daily.changeRate}`,
  ];
}
