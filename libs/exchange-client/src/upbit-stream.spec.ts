import { once } from 'node:events';
import { ManualClock } from '@candlekeep/clock';
import { InvalidValue } from '@candlekeep/market';
import { waitFor } from '../../../test/support/app-process';
import { FakeStream, tradeText } from '../testing/fake-stream';
import { StreamProbe } from '../testing/stream-probe';
import { StreamRefused } from './exchange-error';

const NO_TICKET = '{"error":{"name":"NO_TICKET","message":"no ticket"}}';

describe('Upbit stream', () => {
  let exchange: FakeStream;
  let clock: ManualClock;
  let probe: StreamProbe;

  beforeEach(async () => {
    exchange = await FakeStream.start();
    clock = new ManualClock();
    probe = StreamProbe.open(clock, { url: exchange.url });
  });

  afterEach(async () => {
    await probe.close();
    await exchange.close();
  });

  it('asks once for what it is for, without an Origin and without compression', async () => {
    await toBeOpen();
    await waitFor(() => {
      expect(exchange.requests).toEqual([
        '[{"ticket":"token-1"},{"type":"trade","codes":["KRW-BTC"]},{"format":"DEFAULT"}]',
      ]);
    });
    expect(exchange.upgrades[0]?.headers).not.toHaveProperty('origin');
    expect(exchange.upgrades[0]?.headers).not.toHaveProperty('sec-websocket-extensions');
  });

  it('delivers frames in the order of receipt, repeats included', async () => {
    await toBeOpen();
    exchange.sendTrades(3, 1, 2, 1);
    await idsToBe('3', '1', '2', '1');
    expect(probe.counts).toEqual({ connections: 1, frames: 4, malformed: 0 });
  });

  it('reads text frames like binary ones', async () => {
    await toBeOpen();
    exchange.last.send(tradeText(5));
    await idsToBe('5');
  });

  it('drops what it cannot trust, counts it, tells the log once, and goes on', async () => {
    await toBeOpen();
    exchange.send('{', tradeText(1), tradeText(2).replace('"ASK"', '"?"'), tradeText(3));
    await idsToBe('1', '3');
    expect(probe.counts).toEqual({ connections: 1, frames: 2, malformed: 2 });
    expect(probe.warnings).toHaveLength(1);
  });

  it('shows how long it has been silent; what it drops breaks no silence', async () => {
    await toBeOpen();
    await clock.advance(700);
    expect(probe.state).toEqual({ kind: 'open', silentForMs: 700 });
    exchange.sendTrades(1);
    await idsToBe('1');
    expect(probe.state).toEqual({ kind: 'open', silentForMs: 0 });
    await clock.advance(300);
    exchange.send('{"status":"UP"}', 'no frame');
    await waitFor(() => {
      expect(probe.counts.malformed).toBe(1);
    });
    expect(probe.state).toEqual({ kind: 'open', silentForMs: 300 });
  });

  it('tells nothing before the caller holds the stream', () => {
    const later = StreamProbe.open(clock, { url: exchange.url, signal: AbortSignal.abort() });
    expect(later.states).toEqual([]);
  });

  it('tells each state once', async () => {
    await toBeOpen();
    exchange.last.terminate();
    await waitFor(() => {
      expect(probe.state.kind).toBe('reconnecting');
    });
    await probe.close();
    expect(probe.states.map(({ kind }) => kind)).toEqual([
      ...['connecting', 'open', 'reconnecting', 'ended'],
    ]);
  });

  it('ends when the exchange declines its request, after the frames that came before', async () => {
    await toBeOpen();
    exchange.send(tradeText(1), NO_TICKET, tradeText(2));
    await expect(probe.ended).rejects.toThrow(StreamRefused);
    expect(probe.ids).toEqual(['1']);
    expect(probe.state).toEqual({ kind: 'ended' });
  });

  it('ends with the error of a caller that cannot take a frame', async () => {
    const broken = new Error('the caller is broken');
    await probe.close();
    probe = StreamProbe.open(clock, {
      url: exchange.url,
      onFrame: () => {
        throw broken;
      },
    });
    await toBeOpen();
    exchange.sendTrades(1);
    await expect(probe.ended).rejects.toBe(broken);
  });

  it('says goodbye when its signal aborts, and delivers nothing more', async () => {
    await toBeOpen();
    const closed = once(exchange.last, 'close');
    probe.leave();
    exchange.sendTrades(1);
    await probe.ended;
    expect((await closed)[0]).toBe(1000);
    expect(probe.frames).toEqual([]);
    expect(probe.state).toEqual({ kind: 'ended' });
  });

  it('destroys a socket whose other end does not answer the goodbye within a second', async () => {
    await toBeOpen();
    exchange.last.pause();
    probe.leave();
    await clock.advance(999);
    expect(probe.state.kind).toBe('open');
    await clock.advance(1);
    await probe.ended;
  });

  it('ends at once when its signal aborts while it connects', async () => {
    await probe.close();
    exchange.refusal = 'silence';
    probe = StreamProbe.open(clock, { url: exchange.url });
    await once(exchange.http, 'upgrade');
    probe.leave();
    await probe.ended;
  });

  it('sends nothing when its signal aborted before it began', async () => {
    await probe.close();
    const before = exchange.upgrades.length;
    probe = StreamProbe.open(clock, { url: exchange.url, signal: AbortSignal.abort() });
    await probe.ended;
    expect(exchange.upgrades).toHaveLength(before);
  });

  it.each(['https://api.upbit.com', 'ws://user:secret@127.0.0.1/', 'ws://127.0.0.1/#a', 'nowhere'])(
    'refuses the URL %s without repeating it',
    (url) => {
      expect(() => StreamProbe.open(clock, { url })).toThrow(InvalidValue);
      expect(() => StreamProbe.open(clock, { url })).toThrow(/^(?!.*secret)/);
    },
  );

  it('refuses to be opened for nothing', () => {
    const query = { url: exchange.url, subscriptions: [] };
    expect(() => StreamProbe.open(clock, query)).toThrow(InvalidValue);
  });

  async function toBeOpen(): Promise<void> {
    await waitFor(() => {
      expect(probe.state.kind).toBe('open');
    });
  }

  async function idsToBe(...ids: readonly string[]): Promise<void> {
    await waitFor(() => {
      expect(probe.ids).toEqual(ids);
    });
  }
});
