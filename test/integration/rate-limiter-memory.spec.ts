import { ManualClock } from '@candlekeep/clock';
import { RateLimiter, steadyDemand } from '@candlekeep/rate-limiter';
import { keys } from '@candlekeep/redis';
import { waitFor } from '../support/app-process';
import { EachScriptRig } from '../support/each-script-rig';

const REST_MS = 1_010;

describe('the limiter’s memory', () => {
  const each = EachScriptRig.use();

  it('that is lost costs one rest and a single first call', async () => {
    await each.redis.del(keys.limit(each.egressId, 'candles', 'slots'));
    expect(await each.rig.ask(0, 'a', 0)).toMatchObject({ kind: 'denied', reason: 'memory-lost' });
    expect(await each.breaker()).toMatchObject({ state: 'open', reason: 'memory-lost' });
    await each.rig.granted('probe');
    await each.rig.pass(100);
    expect((await each.rig.ask(0, 'second')).kind).toBe('waiting');
    await each.rig.group().release('probe', { kind: 'answered' }, 0);
    await each.rig.pass(REST_MS);
    expect((await each.rig.ask(0, 'second')).kind).toBe('granted');
  });

  it('of a block that is lost costs one call, not ten', async () => {
    await each.rig.call({ kind: 'banned', statedMs: 600_000 });
    await each.redis.del(keys.limitCircuit(each.egressId));
    await each.rig.granted('probe');
    expect((await each.rig.ask(0, 'second')).kind).toBe('waiting');
    await each.rig.group().release('probe', { kind: 'banned', statedMs: 600_000 }, 0);
    expect(await each.circuit()).toMatchObject({ state: 'open', reason: 'banned' });
  });

  it('of a block survives a server that comes back with it', async () => {
    await each.rig.call({ kind: 'banned', statedMs: 600_000 });
    await each.redis.hset(keys.limitCircuit(each.egressId), 'server', 'server:before');
    expect(await each.rig.ask(0, 'a', 60_000)).toMatchObject({ kind: 'denied', reason: 'banned' });
  });

  it('of who waits that is lost leaves no dead one at the head of the line', async () => {
    await each.rig.countGranted();
    await each.rig.ask(0, 'dies');
    await each.redis.del(keys.limit(each.egressId, 'candles', 'patience'));
    await each.rig.pass(REST_MS * 2);
    expect((await each.rig.ask(7, 'lives')).kind).toBe('granted');
  });

  it('of a ramp or a probe does not outlast a clock that was set back', async () => {
    await each.rig.call({ kind: 'banned', statedMs: 5_000 });
    await each.rig.pass(6_000);
    await each.rig.granted('probe');
    await each.rig.pass(-3_600_000);
    await each.rig.ask(0, 'waits');
    await each.rig.pass(62_000);
    expect((await each.circuit()).state).not.toBe('closed');
    const fields = await each.redis.hgetall(keys.limitCircuit(each.egressId));
    expect(Number(fields.probeUntilMs)).toBeLessThanOrEqual(each.rig.nowMs);
  });

  it('of a clock that was set back an hour does not stop the group for an hour', async () => {
    await each.rig.countGranted();
    await each.rig.pass(-3_600_000);
    await each.rig.granted('after');
    expect(each.rig.nowMs).toBeLessThan(1_800_000_000_000 - 3_600_000 + 200_000);
  });

  it('of a clock that jumps forward: no taker goes by it, also none whose question was under way', async () => {
    const clock = new ManualClock();
    const policy = { egressId: each.egressId, group: 'candles' };
    const limiter = new RateLimiter(each.rig.connection, policy, clock);
    const stop = new AbortController();
    await limiter.take(stop.signal, steadyDemand(0));
    // The slots look free three seconds later, for this process no time has passed.
    await each.rig.pass(3_000);
    let granted = 0;
    const takers = Array.from({ length: 5 }, async () => {
      await limiter.take(stop.signal, steadyDemand(0));
      granted += 1;
    });
    const ended = Promise.allSettled(takers);
    await waitFor(async () => {
      expect((await each.rig.group().read()).group).toMatchObject({ held: 10 });
      expect(await each.breaker()).toMatchObject({ state: 'open', reason: 'clock-jumped' });
    });
    await each.rig.group().read();
    expect(granted).toBe(0);
    expect((await each.rig.group().read()).group.inFlight).toBe(1);
    stop.abort(new Error('the test is over'));
    await ended;
    expect(granted).toBe(0);
  });
});
