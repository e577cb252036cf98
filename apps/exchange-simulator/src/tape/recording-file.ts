import { CandlekeepError, parseIsoSeconds, parseMarketCode, scaledOf } from '@candlekeep/market';
import type { RecordedMinute, RecordingSource } from './recording';
import { evenVolume } from './trade-split';

const MINUTE_MS = 60_000;
const WEEK_MINUTES = 7 * 24 * 60;

/** A recording that cannot be read: a damaged or foreign file. */
export class UnreadableRecording extends CandlekeepError {
  readonly code = 'UNREADABLE_RECORDING';
  readonly retryable = false;
}

/**
 * Reads the text of a recording: a header `market,first Monday,weeks,tick`, then one line per traded minute with the
 * columns that `recordings/SOURCES.md` describes. Throws {@link UnreadableRecording} naming the line.
 */
export function parseRecording(text: string): RecordingSource {
  const [header = '', ...lines] = text.trim().split('\n');
  const [market = '', monday = '', weeks = '', tickText = ''] = header.split(',');
  const tick = scaledOf(tickText);
  return {
    market: parseMarketCode(market),
    firstMinute: parseIsoSeconds(monday) / MINUTE_MS,
    tick,
    minutes: placeMinutes(lines, { market, length: Number(weeks) * WEEK_MINUTES, tick }),
  };
}

interface Shape {
  readonly market: string;
  readonly length: number;
  readonly tick: bigint;
}

function placeMinutes(lines: readonly string[], shape: Shape): (RecordedMinute | undefined)[] {
  const minutes = new Array<RecordedMinute | undefined>(shape.length).fill(undefined);
  let position = -1;
  let close = 0;
  for (const [index, line] of lines.entries()) {
    const [skipped = '', ...fields] = line.split(',');
    position += 1 + Number(skipped);
    const minute = tryReadMinute(fields, close, shape.tick);
    if (minute === undefined || !(position < shape.length)) {
      throw new UnreadableRecording(
        `line ${index + 2} of the ${shape.market} recording is no possible minute ("${line}"); make the file again with make-recordings.mjs`,
      );
    }
    minutes[position] = minute;
    close = minute.close;
  }
  return minutes;
}

/** Undefined for fields that are no numbers, or no minute that can have been traded. */
function tryReadMinute(
  fields: readonly string[],
  previousClose: number,
  tick: bigint,
): RecordedMinute | undefined {
  try {
    const minute = readMinute(fields, previousClose, tick);
    return isPossible(minute, tick) ? minute : undefined;
  } catch {
    return undefined;
  }
}

/** An empty field is 0. Amounts keep the exact digits of the file. */
function readMinute(
  fields: readonly string[],
  previousClose: number,
  tick: bigint,
): RecordedMinute {
  const [openStep, above, below, body, volumeText = '', turnoverText] = fields;
  const open = previousClose + Number(openStep);
  const close = open + Number(body);
  const high = Math.max(open, close) + Number(above);
  const low = Math.min(open, close) - Number(below);
  const volume = scaledOf(volumeText);
  const turnover =
    turnoverText === undefined
      ? typicalTurnover({ open, high, low, close }, volume, tick)
      : scaledOf(turnoverText);
  return { open, high, low, close, volume, turnover };
}

/**
 * Turnover for a recording without one: volume × mean of open, high, low and close, rounded down to an amount that trades of such
 * volumes at such prices can come to exactly. The mean lies between low and high, as the mean price of real trades does.
 */
function typicalTurnover(
  { open, high, low, close }: Pick<RecordedMinute, 'open' | 'high' | 'low' | 'close'>,
  volume: bigint,
  tick: bigint,
): bigint {
  const ticks = (volume * BigInt(open + high + low + close)) / 4n;
  return ((ticks - (ticks % evenVolume(tick))) * tick) / 10n ** 8n;
}

/** Each of the up to four corner trades of a minute needs some volume, hence more than a handful of units. */
function isPossible({ low, high, volume, turnover }: RecordedMinute, tick: bigint): boolean {
  return low > 0 && high >= low && volume >= 16n * evenVolume(tick) && turnover > 0n;
}
