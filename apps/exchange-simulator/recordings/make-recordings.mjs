// Makes the compact recordings of this folder from the candle files named in SOURCES.md.
// Usage: node apps/exchange-simulator/recordings/make-recordings.mjs FOLDER_WITH_THE_CSV_GZ_FILES
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';

const SEPTEMBER = { from: '2025-09-01', weeks: 4 };
const RECORDINGS = [
  { market: 'KRW-BTC', source: 'upbit_KRW-BTC_1m_20250901_20251004', ...SEPTEMBER },
  { market: 'KRW-ETH', source: 'upbit_KRW-ETH_1m_20250901_20251004', ...SEPTEMBER },
  { market: 'KRW-SOL', source: 'upbit_KRW-SOL_1m_20250901_20251004', ...SEPTEMBER },
  { market: 'KRW-DOGE', source: 'upbit_KRW-DOGE_1m_20250901_20251004', ...SEPTEMBER },
  {
    market: 'KRW-KNC',
    source: 'upbit_KRW-KNC_3m_20230711_20230811',
    from: '2023-07-17',
    weeks: 3,
  },
];
const MINUTE_MS = 60_000;
const WEEK_MINUTES = 7 * 24 * 60;
const DIGITS = 8;

const sourceFolder = process.argv[2];
if (sourceFolder === undefined) {
  console.error('Which folder holds the source files? Give it as the only argument.');
  process.exit(1);
}
for (const recording of RECORDINGS) make(recording);

function make({ market, source, from, weeks }) {
  const text = gunzipSync(readFileSync(path.join(sourceFolder, `${source}.csv.gz`))).toString();
  const firstMinute = Date.parse(`${from}T00:00:00Z`) / MINUTE_MS;
  const untilMinute = firstMinute + weeks * WEEK_MINUTES;
  const rows = text.trim().split('\n').slice(1).map(readRow);
  const kept = rows.filter(({ minute }) => minute >= firstMinute && minute < untilMinute);
  const tick = kept.flatMap(({ prices }) => prices).reduce(greatestCommonDivisor);
  const lines = [[market, `${from}T00:00:00`, weeks, shortText(tick)].join(',')];
  let previous = { minute: firstMinute - 1, close: 0n };
  for (const row of kept) {
    lines.push(compactRow(row, previous, tick));
    previous = { minute: row.minute, close: row.prices[3] / tick };
  }
  const file = path.join(import.meta.dirname, `${market}.csv.gz`);
  const packed = gzipSync(`${lines.join('\n')}\n`, { level: 9 });
  writeFileSync(file, packed);
  console.log(`${file}: ${kept.length} rows, ${packed.length} bytes`);
}

/** One source line as exact integers of 10^-8; `turnover` is undefined where the source has none. */
function readRow(line) {
  const [time, open, high, low, close, volume, turnover] = line.split(',');
  return {
    minute: Date.parse(time) / MINUTE_MS,
    prices: [open, high, low, close].map(scaled),
    volume: scaled(volume),
    turnover: turnover === '' ? undefined : scaled(turnover),
  };
}

/** The row as small differences, which compress well; an empty field is 0. SOURCES.md describes the columns. */
function compactRow({ minute, prices, volume, turnover }, previous, tick) {
  const [open, high, low, close] = prices.map((price) => price / tick);
  const differences = [
    BigInt(minute - previous.minute - 1),
    open - previous.close,
    high - (open > close ? open : close),
    (open < close ? open : close) - low,
    close - open,
  ].map((difference) => (difference === 0n ? '' : String(difference)));
  const amounts = turnover === undefined ? [volume] : [volume, turnover];
  return [...differences, ...amounts.map(shortText)].join(',');
}

/** Decimal text, `.0` tails and forms such as `6.968e-05` included, as an integer of 10^-8; refuses to lose a digit. */
function scaled(text) {
  const match = /^(\d+)(?:\.(\d+))?(?:e([+-]\d+))?$/.exec(text);
  if (match === null) throw new Error(`"${text}" is not a decimal number; look at the source file`);
  const [, whole, fraction = '', exponent = '0'] = match;
  const places = DIGITS + Number(exponent) - fraction.length;
  const digits = BigInt(whole + fraction);
  if (places >= 0) return digits * 10n ** BigInt(places);
  const divisor = 10n ** BigInt(-places);
  if (digits % divisor !== 0n) throw new Error(`"${text}" has more than ${DIGITS} fraction digits`);
  return digits / divisor;
}

function shortText(value) {
  const digits = String(value).padStart(DIGITS + 1, '0');
  return `${digits.slice(0, -DIGITS)}.${digits.slice(-DIGITS)}`.replace(/\.?0+$/, '');
}

function greatestCommonDivisor(a, b) {
  return b === 0n ? a : greatestCommonDivisor(b, a % b);
}
