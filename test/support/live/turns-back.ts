import { numberOf, rowsOf } from './exchange-oracle';
import type { LiveAnswer } from './live-callers';

/** Answers of a caller whose newest row is older, or has less volume, than that of its answer before. */
export function turnsBack(answers: readonly LiveAnswer[]): string[] {
  const newest = new Map<string, { readonly open: string; readonly volume: number }>();
  const faults: string[] = [];
  for (const { path, askedMs, status, body } of answers) {
    const [row] = status === 200 ? rowsOf(body) : [];
    if (row === undefined) continue;
    const now = { open: row.open, volume: numberOf(row, 'candle_acc_trade_volume') };
    const before = newest.get(path);
    newest.set(path, now);
    if (before === undefined || before.open < now.open) continue;
    if (before.open === now.open && before.volume <= now.volume) continue;
    const texts = [before, now].map(({ open, volume }) => `${open} ${volume}`);
    faults.push(`${path} (asked ${askedMs}): ${texts.join(' then ')}`);
  }
  return faults;
}
