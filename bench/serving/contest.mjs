// Servers measured in turns in one run: what the machine does meanwhile meets them all, and each round gives one ratio.
import { quantile } from '../figures.mjs';
import { load } from './load.mjs';

const WARM_UP_S = 3;

/**
 * `contestants`: `{ name, server, order, check? }`. Each round measures all of them, beginning with another one each time.
 * Resolves to `{ name, rounds }` in their order, `rounds` as `load` gives them.
 */
export async function contest(contestants, { rounds, seconds }) {
  const results = contestants.map(({ name }) => ({ name, rounds: [] }));
  for (const { server, order } of contestants) {
    // The first answers come from further down, however long that takes.
    await load(server, { ...order, amount: order.connections });
    await load(server, { ...order, seconds: WARM_UP_S });
  }
  for (let round = 0; round < rounds; round += 1) {
    for (let turn = 0; turn < contestants.length; turn += 1) {
      const index = (round + turn) % contestants.length;
      const { server, order, check } = contestants[index];
      const result = await load(server, { ...order, seconds });
      check?.(result);
      results[index].rounds[round] = result;
    }
  }
  return results;
}

/** The median over rounds of a figure. */
export function medianOf({ rounds }, figure) {
  return quantile(rounds.map(figure), 0.5);
}

/** The median over rounds of a figure's ratio to the reference's of the same round. */
export function medianRatio(result, reference, figure) {
  const ratios = result.rounds.map(
    (round, index) => figure(round) / figure(reference.rounds[index]),
  );
  return quantile(ratios, 0.5);
}
