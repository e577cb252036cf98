import { ManualClock, SystemClock } from '@candlekeep/clock';
import { RateLimiter, steadyDemand } from '@candlekeep/rate-limiter';
import { keys } from '@candlekeep/redis';
import { waitFor } from '../support/app-process';
import { TestRedis } from '../support/redis';
import { ScriptRig } from '../support/script-rig';

const clock = new SystemClock();
const REST_MS = 1_010;

describe('the limiter’s memory', () => {
  const servers = new TestRedis();
  const redis = servers.queue();
  let egressId: string;
  let rig: ScriptRig;

  beforeEach(async () => {
    egressId = `feedback-${clock.token()}`;
    rig = new ScriptRig(redis, { egressId, group: 'candles' });
    await rig.settle();
  });

  afterEach(async () => {
    await rig.forget();
  });

  afterAll(() => {
    servers.close();
  });

  const gate = async () => (await rig.group().read()).group.breaker;
  const circuit = async () => (await rig.group().read()).egress.circuit;

  it('that is lost costs one rest and a single first call', async () => {
    await redis.del(keys.limit(egressId, 'candles', 'slots'));
    expect(await rig.ask(0, 'a', 0)).toMatchObject({ kind: 'denied', reason: 'memory-lost' });
    expect(await gate()).toMatchObject({ state: 'open', reason: 'memory-lost' });
    await rig.granted('probe');
    await rig.pass(100);
    expect((await rig.ask(0, 'second')).kind).toBe('waiting');
    await rig.group().release('probe', { kind: 'answered' }, 0);
    await rig.pass(REST_MS);
    expect((await rig.ask(0, 'second')).kind).toBe('granted');
  });

  it('of a block that is lost costs one call, not ten', async () => {
    await rig.call({ kind: 'banned', statedMs: 600_000 });
    await redis.del(keys.limitCircuit(egressId));
    await rig.granted('probe');
    expect((await rig.ask(0, 'second')).kind).toBe('waiting');
    await rig.group().release('probe', { kind: 'banned', statedMs: 600_000 }, 0);
    expect(await circuit()).toMatchObject({ state: 'open', reason: 'banned' });
  });

  it('of a block survives a server that comes back with it', async () => {
    await rig.call({ kind: 'banned', statedMs: 600_000 });
    await redis.hset(keys.limitCircuit(egressId), 'server', 'server:before');
    expect(await rig.ask(0, 'a', 60_000)).toMatchObject({ kind: 'denied', reason: 'banned' });
  });

  it('of who waits that is lost leaves no dead one at the head of the line', async () => {
    await rig.countGranted();
    await rig.ask(0, 'dies');
    await redis.del(keys.limit(egressId, 'candles', 'patience'));
    await rig.pass(REST_MS * 2);
    expect((await rig.ask(7, 'lives')).kind).toBe('granted');
  });

  it('of a ramp or a probe does not outlast a clock that was set back', async () => {
    await rig.call({ kind: 'banned', statedMs: 5_000 });
    await rig.pass(6_000);
    await rig.granted('probe');
    await rig.pass(-3_600_000);
    await rig.ask(0, 'waits');
    await rig.pass(62_000);
    expect((await circuit()).state).not.toBe('closed');
    const fields = await redis.hgetall(keys.limitCircuit(egressId));
    expect(Number(fields.probeUntilMs)).toBeLessThanOrEqual(rig.nowMs);
  });

  it('of a clock that was set back an hour does not stop the group for an hour', async () => {
    await rig.countGranted();
    await rig.pass(-3_600_000);
    await rig.granted('after');
    expect(rig.nowMs).toBeLessThan(1_800_000_000_000 - 3_600_000 + 200_000);
  });

  it('of a clock that jumps forward: no taker goes by it, also none whose question was under way', async () => {
    const clock = new ManualClock();
    const policy = { egressId, group: 'candles' };
    const limiter = new RateLimiter(rig.connection, policy, clock);
    const stop = new AbortController();
    await limiter.take(stop.signal, steadyDemand(0));
    // The slots look free three seconds later, for this process no time has passed.
    await rig.pass(3_000);
    let granted = 0;
    const takers = Array.from({ length: 5 }, async () => {
      await limiter.take(stop.signal, steadyDemand(0));
      granted += 1;
    });
    const ended = Promise.allSettled(takers);
    await waitFor(async () => {
      expect((await rig.group().read()).group).toMatchObject({ held: 10 });
      expect(await gate()).toMatchObject({ state: 'open', reason: 'clock-jumped' });
    });
    await rig.group().read();
    expect(granted).toBe(0);
    expect((await rig.group().read()).group.inFlight).toBe(1);
    stop.abort(new Error('the test is over'));
    await ended;
    expect(granted).toBe(0);
  });
});
