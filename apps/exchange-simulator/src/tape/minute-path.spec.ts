import { shippedRecording } from './recordings-folder';
import { tradesOf, type Trade } from './minute-path';
import type { RecordedMinute } from './recording';
import { Tape } from './tape';

const MINUTE_MS = 60_000;
const MARKETS = ['KRW-BTC', 'KRW-ETH', 'KRW-SOL', 'KRW-DOGE', 'KRW-KNC'];

/** All traded minutes of a market's recording, with their trades. */
function* tradedMinutes(
  market: string,
): Generator<{ openMs: number; recorded: RecordedMinute; trades: readonly Trade[] }> {
  const tape = new Tape(shippedRecording(market), 0);
  const { firstMinute, length } = tape.recording;
  for (let minute = firstMinute; minute < firstMinute + length; minute += 1) {
    const recorded = tape.minuteAt(minute);
    if (recorded) yield { openMs: minute * MINUTE_MS, recorded, trades: tradesOf(tape, minute) };
  }
}

const total = (values: readonly bigint[]): bigint => values.reduce((sum, value) => sum + value, 0n);

describe.each(MARKETS)('the trades of every recorded minute of %s', (market) => {
  const inexact: unknown[] = [];
  const unordered: unknown[] = [];
  const patched: { trade: Trade; isLast: boolean }[] = [];
  let late = 0;
  let veryLate = 0;
  let minutes = 0;
  beforeAll(() => {
    for (const { openMs, recorded, trades } of tradedMinutes(market)) {
      if (!comesTo(recorded, trades)) inexact.push({ recorded, trades });
      for (const trade of patchedTrades(trades, shippedRecording(market).tick)) {
        patched.push({ trade, isLast: trade === trades.at(-1) });
      }
      if (!isOrdered(openMs, trades)) unordered.push({ openMs, trades });
      if (trades.at(-1)!.storedMs >= openMs + MINUTE_MS) late += 1;
      if (trades.at(-1)!.storedMs > openMs + MINUTE_MS + 348) veryLate += 1;
      minutes += 1;
    }
  });

  it('come to exactly the recorded minute', () => {
    expect(inexact).toEqual([]);
  });

  it('have price × volume as their turnover to the last digit, but for last trades where it is a recorded one', () => {
    if (market !== 'KRW-KNC') expect(patched).toEqual([]);
    expect(patched.filter(({ isLast }) => !isLast)).toEqual([]);
  });

  it('each move something, and are stored in order, the last one at most 1,881 ms after the close', () => {
    expect(unordered).toEqual([]);
  });

  it('end with a late storage in about one minute of seven', () => {
    expect(late / minutes).toBeGreaterThan(0.12);
    expect(late / minutes).toBeLessThan(0.17);
  });

  it('are rarely stored more than 348 ms after the close', () => {
    expect(veryLate / late).toBeGreaterThan(0.02);
    expect(veryLate / late).toBeLessThan(0.06);
  });
});

function comesTo(recorded: RecordedMinute, trades: readonly Trade[]): boolean {
  const prices = trades.map(({ price }) => price);
  return (
    prices.at(0) === recorded.open &&
    Math.max(...prices) === recorded.high &&
    Math.min(...prices) === recorded.low &&
    prices.at(-1) === recorded.close &&
    total(trades.map(({ volume }) => volume)) === recorded.volume &&
    total(trades.map(({ turnover }) => turnover)) === recorded.turnover
  );
}

/** In order of their moments, storage times and ids, each where it may be. */
function isOrdered(openMs: number, trades: readonly Trade[]): boolean {
  const closeMs = openMs + MINUTE_MS;
  return trades.every(({ volume, turnover, atMs, storedMs, sequentialId }, index) => {
    const isInMinute = atMs >= openMs + 400 && atMs < closeMs && storedMs >= atMs;
    const before = trades[index - 1];
    const isAfterOthers =
      storedMs >= (before?.storedMs ?? 0) && sequentialId > (before?.sequentialId ?? 0n);
    const isOfItsMs = sequentialId / 10_000n === BigInt(atMs);
    const latestMs = index === trades.length - 1 ? closeMs + 1_881 : closeMs - 1;
    return (
      volume > 0n &&
      turnover > 0n &&
      isInMinute &&
      isAfterOthers &&
      isOfItsMs &&
      storedMs <= latestMs
    );
  });
}

/** Trades whose turnover is not price × volume to the last digit. */
function patchedTrades(trades: readonly Trade[], tick: bigint): Trade[] {
  return trades.filter(
    ({ price, volume, turnover }) => BigInt(price) * tick * volume !== turnover * 10n ** 8n,
  );
}
