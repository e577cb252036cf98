import type { Span } from '../economy/calculators';
import { table } from '../live-day/day-report';
import { DAY_MS } from './habits';
import type { HouseRecord } from './preload-house';
import { predictionFigures } from './predictions';
import type { Question } from './question';
import type { Answered } from './replay-tally';
import { figuresOf } from './replay-tally';

/** A workload's variants as they were played, the one without a preloader first. */
export interface Played {
  readonly name: string;
  readonly house: HouseRecord;
}

/** Calls, shares, waits and predictions, a line for each variant. */
export function variantTable(played: readonly Played[]): string {
  const none = played[0]?.house.answers ?? [];
  const head = [
    'variant',
    'asked',
    'calls',
    'early',
    'L0/L1',
    'of the rest L2',
    'mean',
    'p50',
    'p95',
    'p99',
  ];
  const predicted = ['predictions', 'right', 'recall', 'wasted', 'of early calls'];
  return table([
    [...head, ...predicted],
    ...played.map(({ name, house }) => {
      const { calls, claims } = house;
      const figures = figuresOf(house.answers);
      const { predictions, precision, recall } = predictionFigures(house, none);
      return [
        ...[name, figures.asked, calls.length, claims.made].map(String),
        ...[percent(figures.l1), percent(figures.l2OfRest), `${figures.meanMs.toFixed(1)} ms`],
        ...[figures.p50Ms, figures.p95Ms, figures.p99Ms].map(String),
        ...[String(predictions), percent(precision), percent(recall)],
        ...[String(claims.wasted), percent(claims.made === 0 ? 0 : claims.wasted / claims.made)],
      ];
    }),
  ]);
}

/** How much of what is between no preloader and another variant was closed. */
export interface Gap {
  readonly wait: number;
  readonly hits: number;
}

/** The gap that `own` closes between `none` and `most`, in mean wait and in the share of L0 and L1; 1 = all of it. */
function gapClosed(
  own: readonly Answered[],
  none: readonly Answered[],
  most: readonly Answered[],
): Gap {
  const [ours, worst, best] = [own, none, most].map((answers) => figuresOf(answers));
  if (ours === undefined || worst === undefined || best === undefined) return { wait: 0, hits: 0 };
  return {
    wait: (worst.meanMs - ours.meanMs) / (worst.meanMs - best.meanMs),
    hits: (ours.l1 - worst.l1) / (best.l1 - worst.l1),
  };
}

/** Which questions count. */
export type Counts = (question: Question) => boolean;

/** The gap closed on each day of a span, `of` those questions alone, and in all. */
export function gapsByDay(
  { own, none, most }: Readonly<Record<'own' | 'none' | 'most', readonly Answered[]>>,
  span: Span,
  of: Counts,
): Gap[] {
  const days = Math.ceil((span.untilMs - span.fromMs) / DAY_MS);
  const [ours, worst, best] = [own, none, most].map((all) =>
    all.filter(({ question }) => of(question)),
  );
  const gap = (some: Span): Gap =>
    gapClosed(within(ours ?? [], some), within(worst ?? [], some), within(best ?? [], some));
  const each = Array.from({ length: days }, (_, day) =>
    gap({ fromMs: span.fromMs + day * DAY_MS, untilMs: span.fromMs + (day + 1) * DAY_MS }),
  );
  return [...each, gap(span)];
}

/** The gap that each variant closes, in percent, day by day and in all: in mean wait / in the share of L0 and L1. */
export function gapTable(
  title: string,
  rows: readonly { readonly name: string; readonly gaps: readonly Gap[] }[],
): string {
  const days = (rows[0]?.gaps.length ?? 1) - 1;
  const head = Array.from({ length: days }, (_, day) => `day ${day + 1}`);
  return table([
    [title, ...head, 'all'],
    ...rows.map(({ name, gaps }) => [name, ...gaps.map(gapText)]),
  ]);
}

/** Answers to the questions of a span. */
export function within(answers: readonly Answered[], { fromMs, untilMs }: Span): Answered[] {
  return answers.filter(({ question: { atMs } }) => atMs >= fromMs && atMs < untilMs);
}

export function percent(share: number): string {
  return `${(share * 100).toFixed(1)} %`;
}

function gapText({ wait, hits }: Gap): string {
  return `${Math.round(wait * 100)} / ${Math.round(hits * 100)}`;
}
