import { z } from 'zod';
import { GatewayLink } from './gateway-link';

const count = z.number();
const task = z.object({
  id: z.string(),
  kind: z.string(),
  state: z.enum(['running', 'done', 'failed', 'cancelled']),
  market: z.string(),
  timeframe: z.string(),
  from: z.string(),
  to: z.string(),
  cursor: z.string(),
  ...{ pages: count, calls: count, rows: count, compared: count, added: count },
  ...{ missing: count, surplus: count, different: count },
  verdict: z.string().optional(),
  reason: z.string().optional(),
  /** When a worker, or whoever opened or cancelled it, last wrote it. */
  updated: z.string(),
  differences: z.array(z.looseObject({ open: z.string(), kind: z.string() })),
});
const seriesRows = z.object({ timeframe: z.string(), rows: count });
const purged = z.object({ rows: count, series: z.array(seriesRows) });
const cached = z.array(seriesRows.extend({ market: z.string() }));

/** A backfill or verification, as the gateway tells it. */
export type Task = z.infer<typeof task>;
export type Purged = z.infer<typeof purged>;
export type SeriesRows = z.infer<typeof seriesRows>;
export type Tasks = 'backfills' | 'verifications';

export interface TaskWish {
  readonly market: string;
  readonly timeframe: string;
  readonly from: string;
  readonly to?: string;
}

/** How long an answer may take, ms. */
export interface Patience {
  readonly answerMs: number;
  /** For a look at a task, which is taken again soon. */
  readonly lookMs: number;
  /** Millions of rows are removed in one transaction. */
  readonly purgeMs: number;
}

const PATIENCE: Patience = { answerMs: 20_000, lookMs: 5_000, purgeMs: 290_000 };

/** The operator's side of a gateway's own API. Every method throws `GatewayRefused`, or `PersonLeft`. */
export class GatewayApi {
  private readonly link: GatewayLink;

  constructor(
    url: string,
    interrupted: AbortSignal,
    private readonly patience: Patience = PATIENCE,
    key?: string,
  ) {
    this.link = new GatewayLink(url, interrupted, key);
  }

  get url(): string {
    return this.link.url;
  }

  /** Opens a task, or finds the one that does the same already. */
  async open(tasks: Tasks, wish: TaskWish): Promise<{ task: Task; isNew: boolean }> {
    const question = { method: 'POST', path: `/api/${tasks}`, body: wish } as const;
    const { status, body } = await this.link.ask(
      { ...question, withinMs: this.patience.answerMs },
      task,
    );
    return { task: body, isNew: status === 202 };
  }

  async get(tasks: Tasks, id: string): Promise<Task> {
    const question = { method: 'GET', path: pathOf(tasks, id) } as const;
    return (await this.link.ask({ ...question, withinMs: this.patience.lookMs }, task)).body;
  }

  /** Cancels a running task; an ended one is told as it is. */
  async cancel(tasks: Tasks, id: string): Promise<Task> {
    const question = { method: 'DELETE', path: pathOf(tasks, id) } as const;
    return (await this.link.ask({ ...question, withinMs: this.patience.answerMs }, task)).body;
  }

  /** What L1 holds of a market. */
  async cached(market: string): Promise<readonly SeriesRows[]> {
    const question = { method: 'GET', path: '/api/cache' } as const;
    const { body } = await this.link.ask({ ...question, withinMs: this.patience.answerMs }, cached);
    return body.filter((series) => series.market === market);
  }

  /** Removes all stored candles of a market. */
  async purge(market: string): Promise<Purged> {
    const path = `/api/candles?market=${encodeURIComponent(market)}`;
    const question = { method: 'DELETE', path, withinMs: this.patience.purgeMs } as const;
    return (await this.link.ask(question, purged)).body;
  }
}

function pathOf(tasks: Tasks, id: string): string {
  return `/api/${tasks}/${encodeURIComponent(id)}`;
}
