import { ContractGateway, cutOff, refuseWith, saysNothing } from '../../test/contract-gateway';
import { CandlekeepClient } from '../candlekeep-client';
import { CandlekeepRequestFailed } from '../request-failed';
import { monotonicMs } from '../time';
import { waitBeforeRepeat } from './repeats';

const QUESTION = { market: 'KRW-BTC', timeframe: '1m', count: 2 };
const failure = (facts: object) => new CandlekeepRequestFailed('no', facts);
const lost = failure({ cause: Object.assign(new Error('gone'), { code: 'ECONNRESET' }) });

describe('waitBeforeRepeat', () => {
  it('doubles from 100 ms to 5 s, less a part of up to half', () => {
    const waits = Array.from({ length: 8 }, (_, repeated) => waitBeforeRepeat(lost, repeated, 0));
    expect(waits).toEqual([100, 200, 400, 800, 1_600, 3_200, 5_000, 5_000]);
    expect(waitBeforeRepeat(lost, 3, 0.5)).toBe(600);
  });

  it('heeds Retry-After, and spreads those who were told the same', () => {
    const busy = failure({ status: 429, retryAfterMs: 3_000 });
    expect(waitBeforeRepeat(busy, 0, 0)).toBe(3_000);
    expect(waitBeforeRepeat(busy, 5, 0.5)).toBe(3_125);
  });

  it.each([400, 404, 418, 500, 502, 504])('does not repeat after %d', (status) => {
    expect(waitBeforeRepeat(failure({ status, retryAfterMs: 1_000 }), 0, 0)).toBeUndefined();
  });

  it('does not repeat what it does not know', () => {
    expect(waitBeforeRepeat(new Error('what?'), 0, 0)).toBeUndefined();
    expect(waitBeforeRepeat(failure({ cause: 'what?' }), 0, 0)).toBeUndefined();
  });
});

describe('a call that fails', () => {
  let gateway: ContractGateway;
  const clients: CandlekeepClient[] = [];
  const open = (options: { retries?: number; timeoutMs?: number } = {}): CandlekeepClient => {
    const client = new CandlekeepClient({ baseUrl: gateway.url, ...options });
    clients.push(client);
    return client;
  };

  beforeEach(async () => {
    gateway = await ContractGateway.start();
  });
  afterEach(async () => {
    for (const client of clients.splice(0)) client.close();
    await gateway.close();
  });

  it('is asked again after 503, 429 and a lost connection', async () => {
    gateway.intervene(refuseWith(503), refuseWith(429), cutOff);
    expect((await open().getCandles(QUESTION)).candles).toHaveLength(2);
    expect(gateway.asked).toHaveLength(4);
  });

  it('is asked again when its answer broke off in the middle', async () => {
    gateway.intervene((response) => {
      response.writeHead(200, { 'content-length': 1_000 });
      response.write('{"candles":[', () => response.destroy());
    });
    expect((await open().getCandles(QUESTION)).candles).toHaveLength(2);
  });

  it('is asked again no sooner than Retry-After says', async () => {
    gateway.intervene(refuseWith(503, { 'retry-after': '1' }));
    const beganMs = monotonicMs();
    await open().getMarkets();
    expect(monotonicMs() - beganMs).toBeGreaterThanOrEqual(990);
  });

  it('fails at once where Retry-After lies beyond its time', async () => {
    gateway.intervene(refuseWith(503, { 'retry-after': '60' }));
    const beganMs = monotonicMs();
    await expect(open().getCandles(QUESTION)).rejects.toMatchObject({
      ...{ status: 503, retryAfterMs: 60_000 },
    });
    expect(monotonicMs() - beganMs).toBeLessThan(10_000);
  });

  it('is repeated as often as it was told, and no more', async () => {
    gateway.intervene(cutOff, cutOff, cutOff);
    await expect(open({ retries: 1 }).getCandles(QUESTION)).rejects.toThrow('no answer from');
    expect(gateway.asked).toHaveLength(2);
    await expect(open({ retries: 0 }).getCandles(QUESTION)).rejects.toThrow('socket hang up');
    expect(gateway.asked).toHaveLength(3);
  });

  it('gives up when its time is over, and says what it last heard', async () => {
    gateway.intervene(cutOff, saysNothing);
    const asking = open({ timeoutMs: 400 }).getCandles(QUESTION);
    await expect(asking).rejects.toThrow(/no answer to \/api\/candles.* within 400 ms/);
    const failure: unknown = await asking.catch((error: unknown) => error);
    expect(failure instanceof CandlekeepRequestFailed && String(failure.cause)).toContain(
      'hang up',
    );
  });

  it('finds a gateway that was away', async () => {
    const client = open();
    const { port } = gateway;
    await gateway.close();
    const asking = client.getCandles(QUESTION);
    await new Promise((resolve) => setTimeout(resolve, 60));
    gateway = await ContractGateway.start(port);
    expect((await asking).candles).toHaveLength(2);
  });
});
