import { SystemClock } from '@candlekeep/clock';
import { FetchConsumer, FetchFailed, type FetchJob, FetchRequester } from '@candlekeep/jobs';
import { CandlekeepError } from '@candlekeep/market';
import { keys } from '@candlekeep/redis';
import { silentLogger } from '@candlekeep/telemetry';
import { freshMarket, TestRedis } from '../support/redis';

class Unlisted extends CandlekeepError {
  readonly code = 'UNKNOWN_MARKET';
  readonly retryable = false;
}

class Hiccup extends CandlekeepError {
  readonly code = 'HICCUP';
  readonly retryable = true;
}

describe('fetch queue', () => {
  const servers = new TestRedis();
  const clock = new SystemClock();
  const opened: { close(): Promise<void> }[] = [];
  const publisher = servers.queue();

  const requester = async (): Promise<FetchRequester> => {
    const made = new FetchRequester({
      redis: servers.queue(),
      subscriber: servers.queue('subscriber'),
      clock,
      log: silentLogger,
    });
    await made.start();
    opened.push(made);
    return made;
  };
  const consumer = async (
    handle: (job: FetchJob, signal: AbortSignal) => Promise<void>,
  ): Promise<FetchConsumer> => {
    const made = new FetchConsumer({
      redis: servers.queue('blocking'),
      publisher,
      handle,
      drainMs: 100,
      clock,
      log: silentLogger,
    });
    opened.push(made);
    await made.start();
    return made;
  };
  const job = (): FetchJob => ({
    kind: 'page',
    market: freshMarket(),
    timeframe: '1m',
    untilMs: 60_000,
  });

  afterEach(async () => {
    for (const closable of opened.splice(0).reverse()) await closable.close();
  });
  afterAll(() => {
    servers.close();
  });

  it('runs one job for many equal requests of several processes and tells them all', async () => {
    const [a, b] = [await requester(), await requester()];
    const wanted = job();
    const gate = gated();
    let runs = 0;
    await consumer(async () => {
      runs += 1;
      await gate.opened;
    });
    const waiting = [a, b, a, b, a, b].map((side) => side.request(wanted, 5_000));
    gate.open();
    const outcomes = await Promise.all(waiting);
    expect(runs).toBe(1);
    expect(outcomes.map(({ kind }) => kind)).toEqual(Array(6).fill('done'));
    expect(outcomes.filter(({ collapsed }) => !collapsed)).toHaveLength(1);
  });

  it('gives every waiter the reason of a failure, and one new attempt to who asks next', async () => {
    const side = await requester();
    const wanted = job();
    let runs = 0;
    await consumer(async () => {
      runs += 1;
      if (runs === 1) throw new Unlisted('KRW-NONE is not listed');
      await Promise.resolve();
    });
    const failed = await Promise.allSettled([
      side.request(wanted, 5_000),
      side.request(wanted, 5_000),
    ]);
    for (const outcome of failed) {
      const reason: unknown = outcome.status === 'rejected' ? outcome.reason : undefined;
      expect(reason).toBeInstanceOf(FetchFailed);
      expect(reason).toMatchObject({ code: 'UNKNOWN_MARKET', message: 'KRW-NONE is not listed' });
    }
    expect((await side.request(wanted, 5_000)).kind).toBe('done');
    expect(runs).toBe(2);
  });

  it('tries a transient failure again before it tells anyone', async () => {
    const side = await requester();
    let runs = 0;
    await consumer(async () => {
      runs += 1;
      if (runs === 1) throw new Hiccup('later');
      await Promise.resolve();
    });
    expect((await until(side, job())).kind).toBe('done');
    expect(runs).toBe(2);
  });

  it('ends the wait without word when nobody works, and forgets the listener', async () => {
    const side = await requester();
    expect(await side.request(job(), 50)).toEqual({ kind: 'no-word', collapsed: false });
  });

  it('aborts what a stop finds running for too long, and leaves it to another worker', async () => {
    const side = await requester();
    const wanted = job();
    const started = gated();
    let aborted = false;
    const first = await consumer(async (_job, signal) => {
      started.open();
      await clock.sleep(60_000, signal).catch(() => {
        aborted = true;
        throw new Error('left');
      });
    });
    const waiting = until(side, wanted);
    await started.opened;
    await first.close();
    expect(aborted).toBe(true);
    const seen: FetchJob[] = [];
    await consumer(async (taken) => {
      seen.push(taken);
      await Promise.resolve();
    });
    expect((await waiting).kind).toBe('done');
    expect(seen).toContainEqual(wanted);
  });

  it('is deaf to messages that are no endings', async () => {
    const side = await requester();
    const wanted = job();
    const gate = gated();
    await consumer(() => gate.opened);
    const waiting = side.request(wanted, 5_000);
    await publisher.publish(keys.readyChannel(0), 'nonsense');
    await publisher.publish(keys.readyChannel(0), '{"id":"x","kind":"later"}');
    gate.open();
    expect((await waiting).kind).toBe('done');
  });

  it('leaves no finished job behind', async () => {
    const side = await requester();
    await consumer(async () => {
      await Promise.resolve();
    });
    const before = await publisher.keys(`${keys.queuePrefix}:fetch:de:*`);
    await side.request(job(), 5_000);
    expect(await publisher.keys(`${keys.queuePrefix}:fetch:de:*`)).toEqual(before);
    expect(await publisher.zcard(`${keys.queuePrefix}:fetch:completed`)).toBe(0);
  });
});

async function until(side: FetchRequester, wanted: FetchJob) {
  for (;;) {
    const outcome = await side.request(wanted, 1_000);
    if (outcome.kind === 'done') return outcome;
  }
}

function gated(): { opened: Promise<void>; open: () => void } {
  let open: () => void = () => undefined;
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { opened, open };
}
