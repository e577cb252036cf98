import { preloadLength } from '../support/preload-length';
import { clairvoyant, clairvoyantOfPages } from './clairvoyant';
import { foreseen } from './foreseen';
import type { Variant } from './foresight';
import { LATENCIES, latencyAt } from './latency';
import type { HouseRecord, PreloadHouse } from './preload-house';
import { type Played, variantTable } from './proof-report';
import type { PreloadWork } from './replay';
import type { ReplayBench } from './replay-bench';
import { type ReplayTerms, runVariant } from './run-variant';

export const LENGTH = preloadLength();
/** All workloads are played with the slower exchange, as it was planned with. */
const LATENCY = LATENCIES.plan;
export const P99_MS = latencyAt(LATENCY, 0.99);
/** Of real time, ms: days of many markets take hours. */
export const MOST_WAIT_MS = 8 * 3_600_000;

/** What is known beforehand of some questions. */
export type Foreknown = Pick<PreloadWork, 'questions' | 'strategies'>;

/** As {@link variantsOf}, where the stream shows the present anyway. */
export function followedVariantsOf({ questions, strategies }: Foreknown): Variant[] {
  const others = variantsOf({ questions, strategies }).slice(0, -1);
  return [...others, clairvoyantOfPages('clairvoyant', questions, P99_MS)];
}

/** None, strategies where there are any, strategies and learning, and one who knows it all. */
export function variantsOf({ questions, strategies }: Foreknown): Variant[] {
  return [
    { name: 'none' },
    ...(strategies.length === 0 ? [] : [foreseen('strategies', { strategies, learns: false })]),
    foreseen('strategies + learning', { strategies, learns: true }),
    clairvoyant('clairvoyant', questions, P99_MS),
  ];
}

export function termsOf(servers: ReplayBench): ReplayTerms {
  return { servers, latency: LATENCY, seed: LENGTH.seed };
}

/** Plays each variant of a workload by tapes, and prints what came of it. */
export async function play(
  work: PreloadWork,
  variants: readonly Variant[],
  servers: ReplayBench,
): Promise<Played[]> {
  return await playEach(work, variants, (variant) => runVariant(work, variant, termsOf(servers)));
}

/** Plays each variant in some way, and prints what came of it. */
export async function playEach(
  { name, questions }: { readonly name: string; readonly questions: readonly unknown[] },
  variants: readonly Variant[],
  run: (variant: Variant) => Promise<PreloadHouse>,
): Promise<Played[]> {
  const played: Played[] = [];
  for (const variant of variants) {
    played.push({ name: variant.name, house: (await run(variant)).record });
    print(`${name}: ${variant.name} was played`);
  }
  print(`\n${name}: ${questions.length} questions${variantTable(played)}`);
  return played;
}

/** What a variant came to. Throws for one that was not played. */
export function find(played: readonly Played[], name: string): HouseRecord {
  const found = played.find((one) => one.name === name);
  if (found === undefined) throw new RangeError(`"${name}" was not played`);
  return found.house;
}

export function print(text: string): void {
  process.stdout.write(`${text}\n`);
}
