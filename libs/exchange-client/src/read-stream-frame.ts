import { AMOUNT_DIGITS, type MarketCode } from '@candlekeep/market';
import { parse } from 'lossless-json';
import { z } from 'zod';
import { candleFields } from './candle-row';
import { findHeadFault } from './candle-rules';
import {
  exactDecimal,
  exactDecimalUpTo,
  firstIssue,
  wholeNumber,
  wholeNumberText,
} from './exact-json';
import type {
  CandleFrame,
  OrderBookFrame,
  StreamFrame,
  TickerFrame,
  TradeFrame,
} from './stream-frame';
import type { AskedSeries, StreamSeries } from './stream-request';

export type FrameOutcome =
  | { readonly kind: 'frame'; readonly frame: StreamFrame }
  /** The exchange declines the request, in its own words. */
  | { readonly kind: 'declined'; readonly name: string; readonly message: string }
  /** The exchange says that it is there, nothing more. */
  | { readonly kind: 'alive' }
  | { readonly kind: 'malformed'; readonly problem: string };

/** Reads one message of the stream. Whatever is not exactly a frame of an asked series is malformed, never guessed. */
export function readStreamFrame(bytes: Buffer, asked: AskedSeries): FrameOutcome {
  const message = parseMessage(bytes);
  if (message === undefined) return malformed(`its ${bytes.length} bytes are no JSON text`);
  const heading = headingSchema.safeParse(message);
  if (heading.success) {
    const name = `${heading.data.type} ${heading.data.code}`;
    const series = asked.get(name);
    if (series === undefined) return malformed(`${name.slice(0, 60)} was not asked for`);
    return readSeriesFrame(message, series, name);
  }
  const declined = declinedSchema.safeParse(message).data?.error;
  if (declined !== undefined) return { kind: 'declined', ...declined };
  if (aliveSchema.safeParse(message).success) return { kind: 'alive' };
  return malformed('it names no type and code');
}

const LONG_DIGITS = 16;
const amount = exactDecimal(AMOUNT_DIGITS);
const longAmount = exactDecimalUpTo(AMOUNT_DIGITS, LONG_DIGITS);
const positiveAmount = amount.refine((text) => /^[^-]*[1-9]/.test(text), 'is not above zero');
const isSnapshot = z.enum(['SNAPSHOT', 'REALTIME']).transform((type) => type === 'SNAPSHOT');

const headingSchema = z.object({ type: z.string(), code: z.string() });
const declinedSchema = z.object({ error: z.object({ name: z.string(), message: z.string() }) });
const aliveSchema = z.object({ status: z.literal('UP') });

const candleSchema = z.object({
  ...candleFields,
  candle_acc_trade_price: longAmount,
  stream_type: isSnapshot,
});

const tradeSchema = z.object({
  sequential_id: wholeNumberText,
  trade_timestamp: wholeNumber,
  timestamp: wholeNumber,
  trade_price: positiveAmount,
  trade_volume: positiveAmount,
  ask_bid: z.enum(['ASK', 'BID']),
  stream_type: isSnapshot,
});

const tickerSchema = z.object({
  trade_timestamp: wholeNumber,
  timestamp: wholeNumber,
  trade_price: positiveAmount,
  opening_price: positiveAmount,
  high_price: positiveAmount,
  low_price: positiveAmount,
  prev_closing_price: amount,
  acc_trade_volume: amount,
  acc_trade_price: longAmount,
  stream_type: isSnapshot,
});

const orderBookSchema = z.object({ timestamp: wholeNumber, stream_type: isSnapshot });

function parseMessage(bytes: Buffer): unknown {
  try {
    return parse(new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes));
  } catch {
    return undefined;
  }
}

function readSeriesFrame(message: unknown, series: StreamSeries, name: string): FrameOutcome {
  switch (series.kind) {
    case 'candle': {
      const read = candleSchema.safeParse(message);
      if (!read.success) return misread(name, read.error);
      const row = { market: series.market, ...read.data };
      const fault = findHeadFault(row, series);
      if (fault !== undefined) return malformed(`${name}: ${fault.field} ${fault.problem}`);
      return { kind: 'frame', frame: candleFrame(read.data, series) };
    }
    case 'trade': {
      const read = tradeSchema.safeParse(message);
      if (!read.success) return misread(name, read.error);
      return { kind: 'frame', frame: tradeFrame(read.data, series.market) };
    }
    case 'ticker': {
      const read = tickerSchema.safeParse(message);
      if (!read.success) return misread(name, read.error);
      return { kind: 'frame', frame: tickerFrame(read.data, series.market) };
    }
    case 'orderbook': {
      const read = orderBookSchema.safeParse(message);
      if (!read.success) return misread(name, read.error);
      return { kind: 'frame', frame: orderBookFrame(read.data, series.market) };
    }
  }
}

function candleFrame(
  row: z.infer<typeof candleSchema>,
  { market, timeframe }: Pick<CandleFrame, 'market' | 'timeframe'>,
): CandleFrame {
  return {
    kind: 'candle',
    market,
    timeframe,
    openMs: row.candle_date_time_utc,
    open: row.opening_price,
    high: row.high_price,
    low: row.low_price,
    close: row.trade_price,
    volume: row.candle_acc_trade_volume,
    turnover: row.candle_acc_trade_price,
    timestampMs: row.timestamp,
    isSnapshot: row.stream_type,
  };
}

function tradeFrame(row: z.infer<typeof tradeSchema>, market: MarketCode): TradeFrame {
  return {
    kind: 'trade',
    market,
    sequentialId: row.sequential_id,
    tradedAtMs: row.trade_timestamp,
    sentAtMs: row.timestamp,
    price: row.trade_price,
    volume: row.trade_volume,
    taker: row.ask_bid === 'ASK' ? 'ask' : 'bid',
    isSnapshot: row.stream_type,
  };
}

function tickerFrame(row: z.infer<typeof tickerSchema>, market: MarketCode): TickerFrame {
  return {
    kind: 'ticker',
    market,
    tradedAtMs: row.trade_timestamp,
    sentAtMs: row.timestamp,
    price: row.trade_price,
    open: row.opening_price,
    high: row.high_price,
    low: row.low_price,
    previousClose: row.prev_closing_price,
    volume: row.acc_trade_volume,
    turnover: row.acc_trade_price,
    isSnapshot: row.stream_type,
  };
}

function orderBookFrame(row: z.infer<typeof orderBookSchema>, market: MarketCode): OrderBookFrame {
  const { timestamp: sentAtMs, stream_type: isSnapshot } = row;
  return { kind: 'orderbook', market, sentAtMs, isSnapshot };
}

function misread(name: string, error: z.ZodError): FrameOutcome {
  const { field, problem } = firstIssue(error);
  return malformed(`${name}: ${field} ${problem}`);
}

function malformed(problem: string): FrameOutcome {
  return { kind: 'malformed', problem };
}
