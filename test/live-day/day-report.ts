import type { MarketCode } from '@candlekeep/market';
import type { FollowedMarket } from '../../apps/live/src/followed-market';
import { count } from './day-tally';
import type { RestCall } from './day-exchange';
import type { LiveDay } from './live-day';

/** Calls of some markets, by timeframe and whom they were for. */
export function callTable(calls: readonly RestCall[], markets: readonly MarketCode[]): string {
  const own = calls.filter(({ series }) => markets.includes(series.market));
  const lanes = [...new Set(own.map(({ lane }) => lane))];
  const codes = [...new Set(own.map(({ series }) => series.timeframe.code))];
  const of = (code: string, lane: string): number =>
    own.filter((call) => call.series.timeframe.code === code && call.lane === lane).length;
  const mean = (calls: number): string => (calls / markets.length).toFixed(1);
  const rows = codes.map((code) => {
    const cells = lanes.map((lane) => of(code, lane));
    return [code, ...cells.map(mean), mean(cells.reduce((sum, cell) => sum + cell, 0))];
  });
  const sums = lanes.map((lane) => mean(own.filter((call) => call.lane === lane).length));
  return table([['calls a market', ...lanes, 'all'], ...rows, ['all', ...sums, mean(own.length)]]);
}

/** How closed minutes came to be known, by market. */
export function minuteTable({ terms }: LiveDay): string {
  const followed = terms.flatMap(({ stream }) => stream.markets);
  const markets = [...new Set(followed.map(({ market }) => market))];
  const rows = markets.map((market) => {
    const own = followed.filter((one) => one.market === market);
    const sum = (what: keyof FollowedMarket['counts']): number =>
      own.reduce((total, { counts }) => total + counts[what], 0);
    const numbers = (['traded', 'empty', 'doubtful', 'rest', 'native', 'corrections'] as const).map(
      (what) => String(sum(what)),
    );
    return [market, ...numbers, reasonsOf(own)];
  });
  const head = ['minutes', 'traded', 'empty', 'doubtful', 'by REST', 'checked', 'corrected'];
  return table([[...head, 'doubts'], ...rows]);
}

/** What became of the questions. */
export function answerTable({ tally, judge, store }: LiveDay): string {
  const { verdicts, sources, labelled, refusals } = tally;
  const asked = sum(sources) + sum(refusals);
  const share = (part: number): string => `${((part / asked) * 100).toFixed(2)} %`;
  const l1 = (sources.get('l1') ?? 0) + (sources.get('fold') ?? 0);
  return table([
    ['answers', ''],
    ['exact at the stated instant', String(verdicts.get('exact') ?? 0)],
    ['newer than stated', String(verdicts.get('newer') ?? 0)],
    ['but for the timestamp of a forming candle', String(verdicts.get('timestamp') ?? 0)],
    ['wrong', String(judge.wrong.length)],
    ['labelled, instead of an error', String(labelled)],
    ['refused', String(sum(refusals))],
    ['wrong final pages', String(store.wrong.length)],
    ['final rows corrected', String(store.corrections)],
    ['bots: from L1 or folded', share(l1)],
    ['bots: from L2', share(sources.get('l2') ?? 0)],
    ['bots: waited for the exchange', share(sources.get('exchange') ?? 0)],
    ['bots: age p50 / p99 / max, ms', [0.5, 0.99, 1].map((at) => tally.age(at)).join(' / ')],
  ]);
}

/** A Markdown table, its first row the head. */
export function table(rows: readonly (readonly string[])[]): string {
  const [head = [], ...rest] = rows;
  const lines = [head, head.map(() => '---'), ...rest];
  return `\n${lines.map((cells) => `| ${cells.join(' | ')} |`).join('\n')}\n`;
}

function reasonsOf(followed: readonly FollowedMarket[]): string {
  const reasons = new Map<string, number>();
  for (const { doubts } of followed) for (const [reason, by] of doubts) count(reasons, reason, by);
  return [...reasons].map(([reason, by]) => `${reason} ${by}`).join(', ');
}

function sum(counts: ReadonlyMap<unknown, number>): number {
  return [...counts.values()].reduce((total, by) => total + by, 0);
}
