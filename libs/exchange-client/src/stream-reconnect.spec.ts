import { ManualClock } from '@candlekeep/clock';
import { waitFor } from '../../../test/support/app-process';
import { FakeStream } from '../testing/fake-stream';
import { StreamProbe } from '../testing/stream-probe';
import {
  ExchangeBanned,
  ExchangeRateLimited,
  ExchangeRefused,
  ExchangeUnavailable,
} from './exchange-error';
import type { StreamState } from './stream-session';

/** The first delay of a clock whose chance is always one half: 1 s, a quarter of it taken off. */
const FIRST_DELAY_MS = 750;

describe('a stream whose connection fails', () => {
  let exchange: FakeStream;
  let clock: ManualClock;
  let probe: StreamProbe;

  beforeEach(async () => {
    exchange = await FakeStream.start();
    clock = new ManualClock();
  });

  afterEach(async () => {
    await probe.close();
    await exchange.close();
  });

  it('pings every half minute, twice as often as the patience of the exchange needs', async () => {
    await open();
    for (const pings of [1, 2, 3]) {
      await clock.advance(30_000);
      await waitFor(() => {
        expect(exchange.pings).toBe(pings);
      });
      // What is sent after the pong arrives after it.
      exchange.sendTrades(pings);
      await waitFor(() => {
        expect(probe.ids).toHaveLength(pings);
      });
    }
    expect(probe.counts.connections).toBe(1);
  });

  it('leaves a connection on which no pong comes within ten seconds, and makes a new one', async () => {
    await exchange.close();
    exchange = await FakeStream.start({ answersPings: false });
    await open();
    await clock.advance(39_999);
    expect(probe.state.kind).toBe('open');
    await clock.advance(1);
    await toBe('reconnecting');
    expect(causeOf(probe.state)?.message).toContain('no pong came within 10000 ms');
    await clock.advance(FIRST_DELAY_MS);
    await toBe('open');
    expect(exchange.sockets).toHaveLength(2);
  });

  it('comes back after a cut, later after each, and asks again under a new ticket', async () => {
    await open();
    for (const delayMs of [750, 1_500, 3_000]) {
      exchange.last.terminate();
      await toBeAwayFor(delayMs);
      await clock.advance(delayMs - 1);
      expect(probe.state.kind).toBe('reconnecting');
      await clock.advance(1);
      await toBe('open');
    }
    await waitFor(() => {
      expect(exchange.requests).toHaveLength(4);
    });
    expect(new Set(exchange.requests).size).toBe(4);
    expect(probe.counts.connections).toBe(4);
  });

  it('forgets its failures after half a minute of connection', async () => {
    await open();
    exchange.last.terminate();
    await toBeAwayFor(FIRST_DELAY_MS);
    await clock.advance(FIRST_DELAY_MS);
    await toBe('open');
    await clock.advance(30_000);
    exchange.last.close(1000);
    await toBeAwayFor(FIRST_DELAY_MS);
  });

  it.each([
    [{ status: 429 }, ExchangeRateLimited, 1_050],
    [{ status: 418, body: 'blocked for 5 minutes' }, ExchangeBanned, 300_000],
    [{ status: 418, headers: { 'Retry-After': '90' } }, ExchangeBanned, 90_000],
    [{ status: 503 }, ExchangeUnavailable, FIRST_DELAY_MS],
    [{ status: 200, body: '[]' }, ExchangeUnavailable, FIRST_DELAY_MS],
    [{ status: 302, headers: { Location: '/elsewhere' } }, ExchangeUnavailable, FIRST_DELAY_MS],
  ])('stays away after an upgrade that was answered with %j', async (refusal, type, delayMs) => {
    exchange.refusal = refusal;
    probe = StreamProbe.open(clock, { url: exchange.url });
    await toBeAwayFor(delayMs);
    expect(causeOf(probe.state)).toBeInstanceOf(type);
    expect(exchange.upgrades).toHaveLength(1);
  });

  it('ends when the upgrade is refused in the words of the exchange', async () => {
    const body = '{"error":{"name":"not_found","message":"no Route matched with those values"}}';
    exchange.refusal = { status: 404, body };
    probe = StreamProbe.open(clock, { url: exchange.url });
    await expect(probe.ended).rejects.toThrow(ExchangeRefused);
  });

  it('tries again when the upgrade is not answered in ten seconds', async () => {
    exchange.refusal = 'silence';
    probe = StreamProbe.open(clock, { url: exchange.url });
    await waitFor(() => {
      expect(exchange.upgrades).toHaveLength(1);
    });
    await clock.advance(9_999);
    expect(probe.state.kind).toBe('connecting');
    await clock.advance(1);
    await toBeAwayFor(FIRST_DELAY_MS);
  });

  it('tries again when nobody listens', async () => {
    const { url } = exchange;
    await exchange.close();
    probe = StreamProbe.open(clock, { url });
    await toBeAwayFor(FIRST_DELAY_MS);
    expect(causeOf(probe.state)?.message).toContain('ECONNREFUSED');
    exchange = await FakeStream.start();
  });

  it('tries again after a decline whose name is not known to be final', async () => {
    await open();
    exchange.send('{"error":{"name":"BUSY","message":"later"}}');
    await toBeAwayFor(FIRST_DELAY_MS);
    expect(causeOf(probe.state)?.message).toContain('BUSY: later');
  });

  async function open(): Promise<void> {
    probe = StreamProbe.open(clock, { url: exchange.url });
    await toBe('open');
  }

  async function toBe(kind: StreamState['kind']): Promise<void> {
    await waitFor(() => {
      expect(probe.state.kind).toBe(kind);
    });
  }

  async function toBeAwayFor(delayMs: number): Promise<void> {
    await toBe('reconnecting');
    expect(probe.state).toMatchObject({ untilMonotonicMs: clock.monotonicMs() + delayMs });
  }
});

function causeOf(state: StreamState): Error | undefined {
  return state.kind === 'reconnecting' ? state.cause : undefined;
}
