import { SystemClock } from '@candlekeep/clock';
import { isoSeconds } from '@candlekeep/market';
import type { House } from '../house';
import type { HttpAnswer } from '../http-get';

const clock = new SystemClock();
const TILE_MS = 200 * 60_000;
/** Fewer than a page holds, so that minutes without a trade do not make a second page necessary. */
const ROWS = 150;
const FIRST_TILE = Math.ceil(Date.UTC(2023, 0, 2) / TILE_MS);
const MARKETS = ['KRW-BTC', 'KRW-ETH', 'KRW-SOL', 'KRW-DOGE'] as const;
/** Longer than a gateway lets anybody wait. */
const SHORTEST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 1_000;

/** One page that was answered in the end. */
export interface PageAnswer {
  /** When it came, epoch ms. */
  readonly atMs: number;
  /** From the question that was answered to its answer, ms. */
  readonly tookMs: number;
}

/** Questions for closed history of which each costs the exchange one call; none is asked twice. */
export function* distinctPages(count: number, first = 0): Generator<string> {
  for (let page = first; page < first + count; page += 1) {
    const market = MARKETS[page % MARKETS.length] ?? MARKETS[0];
    const untilMs = (FIRST_TILE + Math.floor(page / MARKETS.length)) * TILE_MS;
    const to = isoSeconds(untilMs);
    yield `/v1/candles/minutes/1?market=${market}&count=${ROWS}&to=${encodeURIComponent(to)}`;
  }
}

/** Callers that ask for page after page, each until it has been answered; a refusal is waited out as it says. */
export class PageLoad {
  readonly answers: PageAnswer[] = [];
  /** Status (0: no answer at all) -> how often it came in place of an answer. */
  readonly refusals = new Map<number, number>();
  private readonly stopping = new AbortController();
  private callers: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly house: House,
    private readonly pages: Iterator<string>,
  ) {}

  /** Begins with so many callers, spread over the gateways. */
  start(atOnce: number): void {
    const callers = Array.from({ length: atOnce }, (_, caller) => this.askOnAndOn(caller));
    this.callers = Promise.all(callers);
    // Whoever waits for the callers hears of a wrong answer, however much later.
    this.callers.catch(() => undefined);
  }

  /** Resolves when every page has been answered. Rejects at the first wrong answer. */
  async untilAnswered(): Promise<void> {
    await this.callers;
  }

  /** Asks for no further page. */
  async stop(): Promise<void> {
    this.stopping.abort();
    await this.callers;
  }

  private async askOnAndOn(caller: number): Promise<void> {
    for (let next = this.pages.next(); next.done !== true; next = this.pages.next()) {
      await this.askUntilAnswered(next.value, caller % this.house.gateways.length);
      if (this.stopping.signal.aborted) return;
    }
  }

  private async askUntilAnswered(page: string, gateway: number): Promise<void> {
    while (!this.stopping.signal.aborted) {
      const askedMs = clock.monotonicMs();
      const answer = await this.house.ask(page, {}, gateway).catch(() => undefined);
      if (answer?.status === 200) {
        requireRows(page, answer.body);
        this.answers.push({ atMs: clock.nowMs(), tookMs: clock.monotonicMs() - askedMs });
        return;
      }
      const status = answer?.status ?? 0;
      this.refusals.set(status, (this.refusals.get(status) ?? 0) + 1);
      await clock.sleep(pauseMs(answer));
    }
  }
}

function pauseMs(answer: HttpAnswer | undefined): number {
  const statedMs = Number(answer?.headers['retry-after'] ?? 0) * 1_000;
  return Math.min(Math.max(statedMs, SHORTEST_PAUSE_MS), LONGEST_PAUSE_MS);
}

function requireRows(page: string, body: string): void {
  const rows: unknown = JSON.parse(body);
  if (Array.isArray(rows) && rows.length === ROWS) return;
  throw new Error(`a wrong answer to ${page}: ${body.slice(0, 200)}`);
}
