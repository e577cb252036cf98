import { isMarketCode } from '@candlekeep/market';
import { z } from 'zod';
import type { Clock } from '@candlekeep/clock';
import type { FaultKind } from '../faults/fault-kind';
import type { FaultPlan } from '../faults/fault-plan';
import { readFaultRequest } from '../faults/fault-request';
import type { Blocks } from '../http/blocks';
import { LATENCY_PROFILES, type Latency } from '../http/latency';
import type { MarketList } from '../listing/market-list';
import type { Witness } from '../witness/witness';
import { BadControlRequest, checked } from './control-request';

/** What the control door reads and moves. */
export interface Controlled {
  readonly witness: Witness;
  readonly faults: FaultPlan;
  readonly faultKinds: readonly FaultKind[];
  readonly blocks: Blocks;
  readonly latency: Latency;
  readonly markets: MarketList;
  readonly clock: Clock;
  /** How far the exchange's clock is ahead of `clock`, ms. */
  readonly timeOffsetMs: number;
}

/** A request to the control door. */
export interface ControlCall {
  /** The last part of a path such as `/faults/3`; undefined for `/faults`. */
  readonly name: string | undefined;
  readonly body: unknown;
}

/** What a route answers; undefined is 204, `NOT_FOUND` 404. */
export type ControlAnswer = unknown;
export const NOT_FOUND = Symbol('not found');

/** Method and path (`:name` stands for any last part) of everything that the control door does. */
export const CONTROL_ROUTES: Readonly<
  Record<string, (parts: Controlled, call: ControlCall) => ControlAnswer>
> = {
  'GET /calls': ({ witness }) => witness.testify(),
  'GET /arrivals': ({ witness }) => witness.arrivals(),
  'DELETE /calls': ({ witness }) => {
    witness.reset();
  },
  'GET /faults': ({ faults }) => faults.list(),
  'POST /faults': ({ faults, faultKinds }, { body }) =>
    faults.add(checked(() => readFaultRequest(body, faultKinds))),
  'DELETE /faults': ({ faults, blocks }) => {
    faults.clear();
    blocks.lift();
  },
  'DELETE /faults/:name': ({ faults }, { name }) =>
    faults.remove(Number(name)) ? undefined : NOT_FOUND,
  'GET /latency': ({ latency }) => latency.settings,
  'PUT /latency': ({ latency }, { body }) => {
    const wanted = checked(() => latencyBody.parse(body));
    latency.change({ ...latency.settings, ...wanted });
    return latency.settings;
  },
  'GET /markets': ({ markets }) => ({
    listed: markets.listed().map(({ market }) => market),
    delisted: markets.delisted(),
  }),
  'POST /markets': list,
  'DELETE /markets/:name': ({ markets }, { name = '' }) =>
    markets.delist(name.toUpperCase()) ? undefined : NOT_FOUND,
};

const latencyBody = z.strictObject({
  profile: z.enum(LATENCY_PROFILES).default('none'),
  meanMs: z.number().min(0).max(60_000).default(0),
  seed: z.string().default('latency'),
});

const listingBody = z.strictObject({
  market: z.string().refine(isMarketCode, 'expected one pair in upper case such as KRW-NEW'),
  like: z.string(),
});

function list(parts: Controlled, { body }: ControlCall): ControlAnswer {
  const { market, like } = checked(() => listingBody.parse(body));
  const outcome = parts.markets.list(market, like, parts.clock.nowMs() + parts.timeOffsetMs);
  switch (outcome.kind) {
    case 'listed':
      return { market, like, listedMs: outcome.listing.tape.listedMinute * 60_000 };
    case 'listed-already':
      throw new BadControlRequest(`${market} is listed already; DELETE /markets/${market} first`);
    case 'no-recording':
      throw new BadControlRequest(
        `like: there is no recording of ${like}; choose one of ${outcome.known.join(', ')}`,
      );
  }
}
