import {
  fold,
  isoSeconds,
  parseIsoSeconds,
  parseMarketCode,
  type Candle,
} from '@candlekeep/market';
import fc from 'fast-check';
import { candleOf } from '../candles/bar';
import { Recording, type RecordedMinute } from './recording';
import { shippedRecording } from './recordings-folder';
import { Tape } from './tape';

const MINUTE_MS = 60_000;
const WEEK_MINUTES = 7 * 24 * 60;
const minuteOf = (text: string): number => parseIsoSeconds(text) / MINUTE_MS;

const recordings = ['KRW-BTC', 'KRW-ETH', 'KRW-SOL', 'KRW-DOGE', 'KRW-KNC'].map(shippedRecording);
const btc = shippedRecording('KRW-BTC');

describe('the recorded weeks', () => {
  it.each(recordings)(
    'are whole and start on a Monday at 00:00 UTC (recording %#)',
    (recording) => {
      expect(recording.length % WEEK_MINUTES).toBe(0);
      expect(new Date(recording.firstMinute * MINUTE_MS).getUTCDay()).toBe(1);
      expect(recording.firstMinute % (24 * 60)).toBe(0);
    },
  );

  it('stand at their own dates', () => {
    expect(new Tape(btc, 0).minuteAt(minuteOf('2025-09-01T00:00:00'))).toMatchObject({
      open: 150_700,
      high: 150_803,
      low: 150_640,
      close: 150_803,
      volume: 151_931_528n,
    });
  });

  it('repeat for ever, before and after, keeping weekday and time of day', () => {
    const tape = new Tape(btc, minuteOf('2017-09-25T03:00:00'));
    const recorded = minuteOf('2025-09-10T17:23:00');
    for (const rounds of [-100, -1, 1, 15, 1_000]) {
      expect(tape.minuteAt(recorded + rounds * btc.length)).toBe(btc.at(tape.positionOf(recorded)));
    }
  });

  it('hold nothing before the listing', () => {
    const listed = minuteOf('2025-11-12T02:37:00');
    const tape = new Tape(btc, listed);
    expect(tape.minuteAt(listed - 1)).toBeUndefined();
    expect(tape.minuteAt(listed)).toBeDefined();
    expect(tape.lastTradedBefore(listed)).toBeUndefined();
    expect(tape.lastTradedBefore(listed + 1)).toBe(listed);
    expect(tape.fold(listed - 500, listed)).toBeUndefined();
  });

  it('end with the last week and go on with the first, where the price jumps', () => {
    const tape = new Tape(btc, 0);
    const seam = minuteOf('2025-09-29T00:00:00');
    expect(tape.minuteAt(seam)).toBe(btc.at(0));
    expect(tape.minuteAt(seam - 1)).toBe(btc.at(btc.length - 1));
  });
});

describe('a fold of the tape', () => {
  const sparse = fc.array(
    fc.option(
      fc.record({
        base: fc.integer({ min: 5, max: 90 }),
        volume: fc.bigInt({ min: 16n, max: 10n ** 14n }),
      }),
      { nil: undefined },
    ),
    { minLength: 4, maxLength: 24 },
  );

  it('equals the plain fold of its minutes, over any stretch and any number of rounds', () => {
    fc.assert(
      fc.property(
        sparse,
        fc.integer({ min: -60, max: 60 }),
        fc.nat(80),
        fc.integer({ min: -70, max: 30 }),
        (shape, start, span, listed) => {
          fc.pre(shape.some((minute) => minute !== undefined));
          const tape = new Tape(
            recordingOf(shape.map((minute) => minute && minuteAround(minute))),
            listed,
          );
          const parts = candlesBetween(tape, start, start + span);
          const stretch = tape.fold(start, start + span);
          const folded =
            stretch && candleOf({ ...stretch, timestampMs: stampOf(stretch.lastMinute) }, 0, 1n);
          expect(folded).toEqual(fold(parts, 0));
        },
      ),
    );
  });

  it('takes a year of Bitcoin exactly', () => {
    const tape = new Tape(btc, 0);
    const [from, until] = [minuteOf('2025-01-01T00:00:00'), minuteOf('2026-01-01T00:00:00')];
    let volume = 0n;
    for (let minute = from; minute < until; minute += 1)
      volume += tape.minuteAt(minute)?.volume ?? 0n;
    expect(tape.fold(from, until)?.volume).toBe(volume);
    expect(isoSeconds((tape.fold(from, until)?.lastMinute ?? 0) * MINUTE_MS)).toBe(
      '2025-12-31T23:59:00',
    );
  });
});

function recordingOf(minutes: readonly (RecordedMinute | undefined)[]): Recording {
  return new Recording({ market: parseMarketCode('KRW-TEST'), firstMinute: 0, tick: 1n, minutes });
}

function minuteAround({ base, volume }: { base: number; volume: bigint }): RecordedMinute {
  return {
    open: base,
    high: base + 3,
    low: base - 2,
    close: base + 1,
    volume,
    turnover: volume * 7n,
  };
}

/** A positive stamp that rises with the minute. */
const stampOf = (minute: number): number => minute + 1_000;

function candlesBetween(tape: Tape, from: number, until: number): Candle[] {
  return Array.from({ length: until - from }, (_, offset) => from + offset).flatMap((minute) => {
    const found = tape.minuteAt(minute);
    return found ? [candleOf({ ...found, timestampMs: stampOf(minute) }, minute, 1n)] : [];
  });
}
