import { type Candle, InvalidValue } from '@candlekeep/market';

const PLAIN_FIELDS = 8;
const DAILY_FIELDS = 11;

/** Encodes a candle as one line of text, the member of L1's sorted set. Exact: the digits are kept as they are. */
export function encodeRow(row: Candle): string {
  const { openMs, open, high, low, close, timestampMs, turnover, volume, daily } = row;
  const line = `${openMs},${open},${high},${low},${close},${timestampMs},${turnover},${volume}`;
  if (daily === undefined) return line;
  return `${line},${daily.previousClose},${daily.change},${daily.changeRate}`;
}

/** Decodes a line of {@link encodeRow}. Throws {@link InvalidValue} for anything else. */
export function decodeRow(line: string): Candle {
  const fields = line.split(',');
  if (fields.length !== PLAIN_FIELDS && fields.length !== DAILY_FIELDS) {
    throw new InvalidValue(`"${line}" is not an encoded candle: expected 8 or 11 fields`);
  }
  const [openMs = '', open = '', high = '', low = '', close = '', timestampMs = ''] = fields;
  const [turnover = '', volume = '', previousClose, change = '', changeRate = ''] = fields.slice(6);
  const row = {
    openMs: Number(openMs),
    open,
    high,
    low,
    close,
    timestampMs: Number(timestampMs),
    turnover,
    volume,
  };
  if (previousClose === undefined) return row;
  return { ...row, daily: { previousClose, change, changeRate } };
}
