import { z } from 'zod';
import { waitFor } from '../app-process';
import { HistoryDoor } from '../history-door';
import type { House } from '../house';

const count = z.number();
const series = { market: z.string(), timeframe: z.string() };

const run = z.object({
  ...{ id: z.string(), strategy: z.string(), state: z.string() },
  ...{ total: count, done: count, calls: count },
  ...{ reason: z.string().optional(), created: z.string(), updated: z.string() },
});
const strategy = z.looseObject({
  ...{ id: z.string(), ...series, isActive: z.boolean(), revision: count },
});
const kept = z.looseObject({ ...strategy.shape, document: z.unknown(), run: run.optional() });
const explained = z.object({
  ...{ id: z.string(), startUpError: count, margin: count },
  needs: z.array(
    z.object({
      ...{ ...series, candles: count },
      reasons: z.array(
        z.object({ where: z.string(), variable: z.string(), candles: count, because: z.string() }),
      ),
    }),
  ),
});
const shown = z.object({ state: z.string(), runs: z.array(run) });
const plan = z.object({
  ...{ state: z.literal('preloading'), at: z.string(), owner: z.string(), since: z.string() },
  budget: z.object({ perHour: count, left: count }),
  schedules: z.array(z.object({ id: z.string(), next: z.string() })),
  warm: z.array(
    z.object({ ...series, candles: count, why: z.array(z.string()), until: z.string() }),
  ),
  upcoming: z.array(
    z.looseObject({ ...series, probability: count, source: z.string(), why: z.array(z.string()) }),
  ),
  counts: z.object({ notes: count, lost: count, unreadable: count, asks: count, refused: count }),
  gateway: z.object({ dropped: count }),
  runs: z.array(run),
});

export type RunSeen = z.infer<typeof run>;
export type PlanSeen = z.infer<typeof plan>;
export type NeedSeen = z.infer<typeof explained>['needs'][number];

/** Strategies and preloads at a gateway, as a program of a stranger would use them. */
export class PreloadDoor {
  private readonly http: HistoryDoor;

  constructor(house: House) {
    this.http = new HistoryDoor(() => house.gateways[0]!.url());
  }

  /** Asks anything; the body is read as JSON, undefined for none. */
  async send(method: string, target: string, body?: unknown, contentType?: string) {
    const text = body === undefined ? undefined : JSON.stringify(body);
    const answer = await this.http.send(method, target, text, contentType);
    const content: unknown = answer.body === '' ? undefined : JSON.parse(answer.body);
    return { ...answer, body: content };
  }

  /** Keeps a strategy; `search` is what follows the name, such as `?isActive=true`. */
  async put(id: string, document: unknown, search = '') {
    const { body, ...answer } = await this.send('PUT', `/api/strategies/${id}${search}`, document);
    return { ...answer, kept: kept.parse(body) };
  }

  /** Keeps a strategy active, and resolves with the run that brings what it needs. */
  async activate(id: string, document: unknown): Promise<RunSeen> {
    return run.parse((await this.put(id, document, '?isActive=true')).kept.run);
  }

  async strategies() {
    return z.array(strategy).parse((await this.send('GET', '/api/strategies')).body);
  }

  async needs(id: string): Promise<readonly NeedSeen[]> {
    return explained.parse((await this.send('GET', `/api/strategies/${id}/needs`)).body).needs;
  }

  async run(id: string): Promise<RunSeen> {
    return run.parse((await this.send('GET', `/api/preloads/${id}`)).body);
  }

  /** The newest first. */
  async runs(): Promise<readonly RunSeen[]> {
    return shown.parse((await this.send('GET', '/api/preloads')).body).runs;
  }

  /** Resolves with the run once it is as wanted. */
  async untilRun(
    id: string,
    isWanted: (run: RunSeen) => boolean,
    withinMs = 20_000,
  ): Promise<RunSeen> {
    return await until(() => this.run(id), isWanted, withinMs);
  }

  async untilEnded(id: string, withinMs = 20_000): Promise<RunSeen> {
    return await this.untilRun(id, ({ state }) => state !== 'running', withinMs);
  }

  /** Resolves with what is preloaded once somebody preloads and it is as wanted. */
  async untilPlan(isWanted: (plan: PlanSeen) => boolean, withinMs = 20_000): Promise<PlanSeen> {
    const read = async () => plan.parse((await this.send('GET', '/api/preloads')).body);
    return await until(read, isWanted, withinMs);
  }
}

/** Resolves with what is seen once it is as wanted; rejects with what was seen last. */
async function until<Seen>(
  look: () => Promise<Seen>,
  isWanted: (seen: Seen) => boolean,
  withinMs: number,
): Promise<Seen> {
  let found: Seen | undefined;
  await waitFor(async () => {
    const seen = await look();
    if (!isWanted(seen)) throw new Error(`it is not as wanted: ${JSON.stringify(seen)}`);
    found = seen;
  }, withinMs);
  if (found === undefined) throw new Error('nothing was seen');
  return found;
}
