import type { Candle } from '@candlekeep/market';
import { misunderstood } from '../answers/misunderstood';

/** Reads candles from CSV that comes in pieces: a line of names, then one line a candle. Half a line at the end waits for its rest. */
export class CsvCandles {
  private rest = '';
  private readRow: ((cells: readonly string[]) => Candle) | undefined;

  /** Whether a line has begun whose end has not come. */
  get isWithinLine(): boolean {
    return this.rest !== '';
  }

  /** The candles whose lines are complete with this piece. Throws `CandlekeepRequestFailed` for a line that is no candle. */
  take(piece: string): Candle[] {
    const lines = (this.rest + piece).split('\n');
    this.rest = lines.pop() ?? '';
    const candles: Candle[] = [];
    for (const line of lines) {
      const cells = line.trimEnd().split(',');
      if (this.readRow === undefined) this.readRow = rowReader(cells);
      else candles.push(this.readRow(cells));
    }
    return candles;
  }
}

/** Makes what reads a line by the names of its columns, in whatever order they stand. */
function rowReader(names: readonly string[]): (cells: readonly string[]) => Candle {
  const at = (name: string): number => {
    const index = names.indexOf(name);
    if (index < 0) throw misunderstood(`its CSV has no column "${name}": ${names.join(',')}`);
    return index;
  };
  const [openMs, open, high, low] = [at('openMs'), at('open'), at('high'), at('low')];
  const [close, volume, turnover] = [at('close'), at('volume'), at('turnover')];
  const timestampMs = at('timestampMs');
  const daily = names.includes('changeRate')
    ? [at('previousClose'), at('change'), at('changeRate')]
    : [];
  return (cells) => {
    const [previousClose = '', change = '', changeRate = ''] = daily.map((index) => cells[index]);
    const candle = {
      openMs: Number(cells[openMs]),
      open: cells[open] ?? '',
      high: cells[high] ?? '',
      low: cells[low] ?? '',
      close: cells[close] ?? '',
      timestampMs: Number(cells[timestampMs]),
      turnover: cells[turnover] ?? '',
      volume: cells[volume] ?? '',
    };
    const isWhole = cells.length === names.length && candle.openMs > 0 && candle.close !== '';
    if (!isWhole) throw misunderstood(`a line of its CSV is no candle: "${cells.join(',')}"`);
    return changeRate !== '' ? { ...candle, daily: { previousClose, change, changeRate } } : candle;
  };
}
