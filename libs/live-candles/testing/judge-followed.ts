import { isDeepStrictEqual } from 'node:util';
import type { MinuteVerdict } from '../src';
import type { Followed, SeenSight } from './follow';
import { MINUTE, type TrueMarket } from './true-market';

/** Verdicts that say for good what is not so. */
export function wrongVerdicts(market: TrueMarket, { verdicts }: Followed): MinuteVerdict[] {
  return verdicts.filter((verdict) => {
    const truth = market.candle(verdict.openMs);
    if (verdict.kind === 'empty') return truth !== undefined;
    return verdict.kind === 'traded' && !isDeepStrictEqual(verdict.row, truth);
  });
}

/** Wrong verdicts that no later verdict takes back. */
export function wrongForGood(market: TrueMarket, followed: Followed): MinuteVerdict[] {
  return wrongVerdicts(market, followed).filter((wrong) => {
    const later = followed.verdicts.slice(followed.verdicts.indexOf(wrong) + 1);
    return !later.some(({ kind, openMs }) => kind === 'doubtful' && openMs === wrong.openMs);
  });
}

/**
 * Minutes that a sight shows in a state that the exchange did not show at any moment from `slackMs` before the sight's `asOf` on.
 * A minute that it shows no row of must have had none at such a moment.
 */
export function untrueMinutes(market: TrueMarket, sight: SeenSight, slackMs = 0): number[] {
  const fromMs = Math.min(sight.asOfMs - slackMs, sight.nowMs);
  const minutes: number[] = [];
  for (let openMs = sight.fromMs; openMs <= sight.nowMs; openMs = MINUTE.closeOf(openMs)) {
    minutes.push(openMs);
  }
  return minutes.filter((openMs) => {
    const row = sight.rows.find((candidate) => candidate.openMs === openMs);
    return !momentsOf(market, openMs, fromMs, sight.nowMs).some((atMs) =>
      isSameState(row, market.candle(openMs, atMs)),
    );
  });
}

function momentsOf(market: TrueMarket, openMs: number, fromMs: number, untilMs: number): number[] {
  const stored = market.of(openMs).map(({ storedAtMs }) => storedAtMs);
  return [fromMs, ...stored.filter((atMs) => atMs > fromMs && atMs <= untilMs)];
}

/** When an overtaken trade is the last one yet, a forming row's timestamp is that of its sending. */
function isSameState(row: object | undefined, truth: object | undefined): boolean {
  if (row === undefined || truth === undefined) return row === truth;
  return isDeepStrictEqual({ ...row, timestampMs: 0 }, { ...truth, timestampMs: 0 });
}
