import { connect, type Socket } from 'node:net';
import { SystemClock } from '@candlekeep/clock';
import fc from 'fast-check';
import { describedRequests } from './described-requests';
import { FuzzDoor } from './fuzz-door';
import type { FuzzRequest } from './fuzz-request';
import { faultOf } from './judge';
import { exchangeRequests, otherRequests } from './other-requests';
import { rawConversations } from './raw-conversations';
import { talk } from './raw-talk';
import { streamTalks, talkToStream } from './stream-talk';

/** Something that should not have been, and what led to it. */
export interface Finding {
  readonly fault: string;
  readonly cause: string;
}

export interface FuzzReport {
  readonly findings: readonly Finding[];
  readonly asked: number;
  /** How often each status was answered. */
  readonly statuses: Readonly<Record<string, number>>;
  /** Times of good requests in between, ms. */
  readonly goodMs: readonly number[];
}

export interface FuzzTerms {
  /** Of the gateway. */
  readonly url: string;
  readonly seed: number;
  readonly requests: number;
  /** Called between two batches. */
  readonly between: () => void;
}

const BATCH = 500;
/** Of a batch, what goes over which way. */
const SHARES = { described: 0.6, exchange: 0.15, others: 0.09, raw: 0.09, stream: 0.07 };
const LANES = 12;
const SLOW_CALLERS = 40;
const GOOD_EVERY_MS = 40;
const MOST_FINDINGS = 20;
/** Closed long ago: its answer never changes. */
const GOOD = '/v1/candles/minutes/1?market=KRW-BTC&count=5&to=2026-11-20T00:00:00';
const clock = new SystemClock();

/** Floods a gateway with generated requests of every kind, and asks good questions in between. */
export class FuzzCampaign {
  private readonly door: FuzzDoor;
  private readonly findings = new Map<string, Finding>();
  private readonly statuses: Record<string, number> = {};
  private readonly goodMs: number[] = [];
  private asked = 0;
  private isOver = false;

  constructor(private readonly terms: FuzzTerms) {
    this.door = new FuzzDoor(terms.url);
  }

  async run(): Promise<FuzzReport> {
    const described = await this.door.ask({
      method: 'GET',
      path: '/api/openapi.json',
      headers: {},
    });
    const own = describedRequests(JSON.parse(described.body));
    const expected = await this.door.ask({ method: 'GET', path: GOOD, headers: {} });
    const slow = this.slowCallers();
    const good = this.askGoodOnes(expected.body);
    for (let batch = 0; batch * BATCH < this.terms.requests; batch += 1) {
      await this.flood(own, batch);
      this.terms.between();
    }
    this.isOver = true;
    await good;
    for (const socket of slow) socket.destroy();
    this.door.close();
    const { statuses, asked, goodMs } = this;
    return { findings: [...this.findings.values()], asked, statuses, goodMs };
  }

  private async flood(own: fc.Arbitrary<FuzzRequest>, batch: number): Promise<void> {
    const { seed, requests } = this.terms;
    const size = Math.min(BATCH, requests - batch * BATCH);
    const some = <Value>(arbitrary: fc.Arbitrary<Value>, share: number): Value[] =>
      fc.sample(arbitrary, { numRuns: Math.ceil(size * share), seed: seed * 1_000 + batch });
    const asks = [
      ...some(own, SHARES.described),
      ...some(exchangeRequests, SHARES.exchange),
      ...some(otherRequests, SHARES.others),
    ];
    const { url } = this.terms;
    await Promise.all([
      inLanes(asks, LANES, (request) => this.ask(request)),
      inLanes(some(rawConversations, SHARES.raw), LANES, (said) =>
        this.note(talk(url, said), said),
      ),
      inLanes(some(streamTalks, SHARES.stream), LANES, (said) =>
        this.note(talkToStream(url, said), said),
      ),
    ]);
  }

  private async ask(request: FuzzRequest): Promise<void> {
    const answered = this.door.ask(request).then((answer) => {
      this.statuses[answer.status] = (this.statuses[answer.status] ?? 0) + 1;
      const fault = faultOf(request, answer);
      return fault === undefined ? undefined : `${fault}: ${answer.body.slice(0, 300)}`;
    });
    await this.note(answered, request);
  }

  /** One finding of a kind is enough. */
  private async note(outcome: Promise<string | undefined>, cause: unknown): Promise<void> {
    this.asked += 1;
    const fault = await outcome.catch((error: unknown) => `no answer: ${String(error)}`);
    if (fault === undefined || this.findings.size >= MOST_FINDINGS) return;
    const kind = fault.slice(0, 60);
    if (this.findings.has(kind)) return;
    this.findings.set(kind, { fault, cause: JSON.stringify(cause, shown).slice(0, 1_500) });
  }

  /** Callers that begin a request and never come to its end. */
  private slowCallers(): readonly Socket[] {
    const { hostname, port } = new URL(this.terms.url);
    return Array.from({ length: SLOW_CALLERS }, (_, index) => {
      const socket = connect(Number(port), hostname);
      socket.on('error', () => undefined);
      const begin = 'POST /api/candles/batch HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 9';
      socket.write(begin.slice(0, index + begin.length - SLOW_CALLERS));
      return socket;
    });
  }

  private async askGoodOnes(expected: string): Promise<void> {
    while (!this.isOver) {
      const begunMs = clock.monotonicMs();
      const asked = this.door.ask({ method: 'GET', path: GOOD, headers: {} });
      const answered = asked.then(({ status, body }) =>
        status === 200 && body === expected ? undefined : `a good request met ${status}: ${body}`,
      );
      await this.note(answered, GOOD);
      this.goodMs.push(clock.monotonicMs() - begunMs);
      await clock.sleep(GOOD_EVERY_MS);
    }
  }
}

async function inLanes<Item>(
  items: readonly Item[],
  lanes: number,
  work: (item: Item) => Promise<void>,
): Promise<void> {
  const queue = items.values();
  await Promise.all(
    Array.from({ length: lanes }, async () => {
      for (const item of queue) await work(item);
    }),
  );
}

function shown(_name: string, value: unknown): unknown {
  const bytes = typeof value === 'object' && value !== null && 'data' in value ? value.data : value;
  if (!Array.isArray(bytes) || typeof bytes[0] !== 'number') return value;
  return Buffer.from(bytes).toString('latin1').slice(0, 300);
}
