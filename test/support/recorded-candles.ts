import { readFileSync } from 'node:fs';
import path from 'node:path';
import { gunzipSync } from 'node:zlib';
import { type Candle, decimalText } from '@candlekeep/market';

/** Recorded exchange candles beside the project; see its SOURCES.md. */
const DATA = path.resolve('..', 'shared', 'data');

/** Rows of a recording, oldest first. A missing turnover is "0.00000000", a missing timestamp the open. */
export function recordedCandles(name: string): Candle[] {
  const [, ...lines] = gunzipSync(readFileSync(path.join(DATA, `${name}.csv.gz`)))
    .toString('utf8')
    .trim()
    .split('\n');
  return lines.map(parseLine);
}

function parseLine(line: string): Candle {
  const [
    time = '',
    open = '',
    high = '',
    low = '',
    close = '',
    volume = '',
    value = '',
    last = '',
  ] = line.split(',');
  const openMs = Date.parse(time);
  return {
    openMs,
    open: decimalText(open),
    high: decimalText(high),
    low: decimalText(low),
    close: decimalText(close),
    timestampMs: last === '' ? openMs : Number(last),
    turnover: decimalText(value === '' ? '0' : value),
    volume: decimalText(volume),
  };
}
