import type { ServerResponse } from 'node:http';
import { minute } from '../../test/contract-candles';
import { ContractGateway, cutOff, refuseWith } from '../../test/contract-gateway';
import { waitFor } from '../../test/wait-for';
import { CandlekeepClient } from '../candlekeep-client';
import type { CandlekeepRequestFailed } from '../request-failed';
import { monotonicMs } from '../time';
import type { CandleEvent, GapEvent } from './candle-event';

const BTC = { market: 'KRW-BTC', timeframe: '1m' };

function told(k: number, final: boolean): CandleEvent {
  const openTime = new Date(minute(k).openMs).toISOString();
  return { ...minute(k), ...BTC, openTime, final, asOfMs: 1_000 };
}
const write = (stream: ServerResponse | undefined, event: string, data: object, id?: string) =>
  stream?.write(
    `${id === undefined ? '' : `id: ${id}\n`}event: ${event}\ndata: ${JSON.stringify(data)}\n\n`,
  );

describe('a subscription', () => {
  let gateway: ContractGateway;
  let client: CandlekeepClient;
  let candles: CandleEvent[];
  let gaps: GapEvent[];
  let problems: CandlekeepRequestFailed[];

  beforeEach(async () => {
    gateway = await ContractGateway.start();
    client = new CandlekeepClient({ baseUrl: gateway.url });
    [candles, gaps, problems] = [[], [], []];
  });
  afterEach(async () => {
    client.close();
    await gateway.close();
  });

  const subscribe = (series = [BTC]) =>
    client.subscribe(series, {
      candle: (event) => candles.push(event),
      gap: (event) => gaps.push(event),
      problem: (error) => problems.push(error),
    });
  const streams = async (count: number) => {
    await waitFor(() => {
      expect(gateway.streams).toHaveLength(count);
    });
    return gateway.streams;
  };
  const lastIds = () => gateway.asked.map(({ headers }) => headers['last-event-id']);

  it('is told candles and gaps as they come, in exact digits', async () => {
    subscribe();
    const [stream] = await streams(1);
    write(stream, 'candle', told(1, true), 'KRW-BTC:1m=120');
    write(stream, 'candle', told(2, false));
    write(stream, 'gap', { ...BTC, fromMs: 1, untilMs: 2 });
    write(stream, 'something-new', {});
    await waitFor(() => {
      expect(gaps).toEqual([{ ...BTC, fromMs: 1, untilMs: 2 }]);
    });
    expect(candles).toEqual([told(1, true), told(2, false)]);
    expect(problems).toEqual([]);
    expect(gateway.asked[0]?.headers.accept).toBe('text/event-stream');
  });

  it('comes back with the id of its last event, also when that had no data', async () => {
    subscribe();
    const [first] = await streams(1);
    first?.write('id: KRW-BTC:1m=60\n\n', () => first.destroy());
    await waitFor(() => {
      expect(lastIds()).toEqual([undefined, 'KRW-BTC:1m=60']);
    });
    const [second] = await streams(1);
    write(second, 'candle', told(1, true), 'KRW-BTC:1m=120');
    second?.end('id: KRW-BTC:1m=999\ndata: half');
    await waitFor(() => {
      expect(lastIds()).toEqual([undefined, 'KRW-BTC:1m=60', 'KRW-BTC:1m=120']);
    });
    expect(candles).toEqual([told(1, true)]);
  });

  it('tells a problem once, however long it lasts, and the next one again', async () => {
    gateway.intervene(cutOff);
    subscribe();
    await waitFor(() => {
      expect(problems).toHaveLength(1);
    });
    const [stream] = await streams(1);
    gateway.intervene(refuseWith(503), cutOff);
    stream?.destroy();
    await waitFor(() => {
      expect(gateway.asked).toHaveLength(5);
    });
    await streams(1);
    expect(problems).toHaveLength(2);
    expect(problems[0]?.message).toContain('socket hang up');
  });

  it('stays away as long as the gateway asks for', async () => {
    subscribe();
    const [stream] = await streams(1);
    stream?.write('retry: 400\n\n', () => stream.destroy());
    const beganMs = monotonicMs();
    await waitFor(() => {
      expect(gateway.asked).toHaveLength(2);
    });
    expect(monotonicMs() - beganMs).toBeGreaterThan(195);
  });

  it('makes a stream anew that has fallen silent, but not one that beats', async () => {
    client.close();
    client = new CandlekeepClient({ baseUrl: gateway.url, silenceMs: 600 });
    subscribe();
    const [stream] = await streams(1);
    const beats = setInterval(() => stream?.write(': \n\n'), 50);
    await new Promise((resolve) => setTimeout(resolve, 1_000));
    expect(gateway.asked).toHaveLength(1);
    clearInterval(beats);
    await waitFor(() => {
      expect(gateway.asked).toHaveLength(2);
    });
    expect(problems[0]?.message).toContain('nothing came for 600 ms');
  });

  it('does not ask again for what was refused', async () => {
    gateway.intervene(refuseWith(400));
    subscribe();
    await waitFor(() => {
      expect(problems).toMatchObject([{ status: 400, problem: { status: 400 } }]);
    });
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(gateway.asked).toHaveLength(1);
  });

  it('takes as many streams as its series need, each series once', async () => {
    const many = Array.from({ length: 45 }, (_, i) => ({ ...BTC, market: `KRW-C${i}` }));
    subscribe([...many, ...many]);
    await streams(3);
    const asked = gateway.asked.flatMap(({ url }) => url.searchParams.getAll('series'));
    expect(asked.sort()).toEqual(many.map(({ market }) => `${market}:1m`).sort());
    expect(() => subscribe([])).toThrow('there is no series');
  });

  it('tells nothing after it was closed', async () => {
    const subscription = client.subscribe([BTC], {
      candle: (event) => {
        candles.push(event);
        subscription.close();
      },
    });
    const [stream] = await streams(1);
    stream?.write(
      [1, 2].map((k) => `event: candle\ndata: ${JSON.stringify(told(k, true))}\n\n`).join(''),
    );
    await streams(0);
    expect(candles).toEqual([told(1, true)]);
  });

  it('goes on after an event that it cannot read', async () => {
    subscribe();
    const [stream] = await streams(1);
    write(stream, 'candle', { ...told(1, true), close: 1 });
    write(stream, 'candle', told(2, true));
    await waitFor(() => {
      expect(candles).toEqual([told(2, true)]);
    });
    expect(problems[0]?.message).toContain('cannot be understood: an event "candle" is');
  });
});
