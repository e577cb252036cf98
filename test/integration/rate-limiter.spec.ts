import { SystemClock } from '@candlekeep/clock';
import { NoPermit, type RateLimiter, readBudgets } from '@candlekeep/rate-limiter';
import {
  ANSWERED,
  AT_ONCE_MS,
  bot,
  CALL_MS,
  LEASE_MS,
  limiterRig,
  REST_MS,
  soon,
  UNANSWERED_REST_MS,
  within,
} from '../support/limiter-rig';

const clock = new SystemClock();

describe('rate limiter', () => {
  const rig = limiterRig();

  it('starts with zero credit when nothing is known, for one rest', async () => {
    const startMs = clock.monotonicMs();
    await rig.open().take(soon(), bot());
    expect(clock.monotonicMs() - startMs).toBeGreaterThanOrEqual(REST_MS);
  });

  it('has begun that rest already when it was woken before', async () => {
    const limiter = rig.open();
    await limiter.wake();
    await clock.sleep(REST_MS);
    const startMs = clock.monotonicMs();
    await limiter.take(soon(), bot());
    expect(clock.monotonicMs() - startMs).toBeLessThan(REST_MS);
  });

  it('grants the whole limit at once to the most urgent, then makes them wait', async () => {
    const limiter = await rig.openSettled();
    await rig.takeAll(limiter);
    await expectLimited(limiter);
  });

  it('frees a slot one rest after its answer, not sooner', async () => {
    const limiter = await rig.openSettled();
    const [permit] = await rig.takeAll(limiter);
    const releasedMs = clock.monotonicMs();
    await limiter.release(permit!, ANSWERED);
    await limiter.take(soon(), bot());
    expect(clock.monotonicMs() - releasedMs).toBeGreaterThanOrEqual(REST_MS);
    await expectLimited(limiter);
  });

  it('frees the slot of a call that was not sent at once', async () => {
    const limiter = await rig.openSettled();
    const [permit] = await rig.takeAll(limiter);
    await limiter.release(permit!, { kind: 'unused' });
    await expect(limiter.take(soon(), within(AT_ONCE_MS))).resolves.toHaveProperty('token');
  });

  it('frees the slot of a worker that died when its lease ends, not sooner', async () => {
    const [permit] = await rig.takeAll(await rig.openSettled());
    const sentMs = permit!.answerBeforeMonotonicMs - CALL_MS;
    await rig.open().take(soon(), bot());
    expect(clock.monotonicMs() - sentMs).toBeGreaterThanOrEqual(UNANSWERED_REST_MS);
  });

  it('keeps the slot of a call that was given up until its lease ends', async () => {
    const limiter = await rig.openSettled();
    const [permit] = await rig.takeAll(limiter);
    await limiter.release(permit!, { kind: 'left' });
    await expectLimited(limiter);
    await limiter.take(soon(), bot());
    const sentMs = permit!.answerBeforeMonotonicMs - CALL_MS;
    expect(clock.monotonicMs() - sentMs).toBeGreaterThanOrEqual(LEASE_MS - 1);
  });

  it('starts with zero credit again when the slots were lost', async () => {
    const limiter = await rig.openSettled();
    await rig.takeAll(limiter);
    await rig.redis.del(rig.keyOf('slots'));
    const lostMs = clock.monotonicMs();
    await limiter.take(soon(), bot());
    expect(clock.monotonicMs() - lostMs).toBeGreaterThanOrEqual(REST_MS);
  });

  it('learns again of a call under way when the slots were lost', async () => {
    const slow = await rig.openSettled({ leaseMs: 5_000 });
    const [permit] = await rig.takeAll(slow);
    await rig.redis.del(rig.keyOf('slots'));
    await clock.sleep(400);
    expect(await rig.redis.zscore(rig.keyOf('slots'), permit!.token)).not.toBeNull();
    await slow.release(permit!, ANSWERED);
  });

  it('starts with zero credit when another server kept the slots, and still honours its leases', async () => {
    const limiter = await rig.openSettled();
    const [server] = await rig.redis.zrangebyscore(rig.keyOf('slots'), '+inf', '+inf');
    await rig.redis.zrem(rig.keyOf('slots'), server!);
    const leasedMs = await rig.futureMs(10_000);
    await rig.redis.zadd(
      rig.keyOf('slots'),
      '+inf',
      'server:the-old-master',
      leasedMs,
      'under-way',
    );
    await expectLimited(limiter);
    await limiter.release(await limiter.take(soon(), bot()), ANSWERED);
    await rig.takeAll(limiter, rig.policy.limit - 2);
    await expectLimited(limiter);
    expect(await rig.redis.zscore(rig.keyOf('slots'), 'server:the-old-master')).toBeNull();
  });

  it('takes back a permit whose slots were lost while its call was under way', async () => {
    const limiter = await rig.openSettled();
    const [permit] = await rig.takeAll(limiter);
    await rig.redis.del(rig.keyOf('slots'));
    await limiter.release(permit!, ANSWERED);
    expect(await rig.redis.zscore(rig.keyOf('slots'), permit!.token)).not.toBeNull();
    await expectLimited(limiter);
  });

  it('tells at once when a pause is longer than there is time, and leaves no place behind', async () => {
    const limiter = await rig.openSettled();
    const permit = await limiter.take(soon(), bot());
    expect(await limiter.release(permit, { kind: 'banned', statedMs: 30_000 })).toBe(31_000);
    const refused = limiter.take(soon(), within(2_000));
    await expect(refused).rejects.toBeInstanceOf(NoPermit);
    await expect(refused).rejects.toMatchObject({ retryable: true, reason: 'banned' });
    expect(await rig.redis.zcard(rig.keyOf('waiting'))).toBe(0);
  });

  it('goes on by itself when a pause ends', async () => {
    const limiter = await rig.openSettled();
    const pausedMs = clock.monotonicMs();
    await limiter.release(await limiter.take(soon(), bot()), { kind: 'rate-limited' });
    await limiter.take(soon(), bot());
    expect(clock.monotonicMs() - pausedMs).toBeGreaterThanOrEqual(REST_MS);
  });

  it('recovers when the server clock was set back by an hour', async () => {
    const limiter = await rig.openSettled();
    const aheadMs = await rig.futureMs(3_600_000);
    await rig.redis.zadd(rig.keyOf('slots'), aheadMs, 'a', aheadMs, 'b', aheadMs, 'c');
    await expectLimited(limiter);
    const horizonMs = await rig.futureMs(60_001);
    expect(await rig.redis.zcount(rig.keyOf('slots'), `(${horizonMs}`, '(+inf')).toBe(0);
  });

  it('gives a permit its instants on the monotonic clock of the taker', async () => {
    const limiter = await rig.openSettled();
    const beforeMs = clock.monotonicMs();
    const permit = await limiter.take(soon(), bot());
    expect(permit.sendBeforeMonotonicMs).toBeGreaterThanOrEqual(beforeMs + CALL_MS / 2);
    expect(permit.answerBeforeMonotonicMs - permit.sendBeforeMonotonicMs).toBeCloseTo(CALL_MS / 2);
    expect(permit.answerBeforeMonotonicMs).toBeLessThanOrEqual(clock.monotonicMs() + CALL_MS);
  });

  it('gives every key an end, and tells what it knows', async () => {
    const limiter = await rig.openSettled();
    await limiter.take(soon(), bot());
    const found = await rig.redis.keys(`{ck:limit:${rig.policy.egressId}}:*`);
    expect(found.length).toBeGreaterThanOrEqual(4);
    for (const key of found) expect(await rig.redis.pttl(key)).toBeGreaterThan(0);
    const budgets = await readBudgets(rig.redis);
    expect(budgets.find(({ egressId }) => egressId === rig.policy.egressId)).toMatchObject({
      circuit: { state: 'closed' },
      groups: [{ group: 'candles', limit: 3, allowed: 3, inFlight: 1, perMinute: { limit: 0 } }],
    });
  });

  async function expectLimited(limiter: RateLimiter): Promise<void> {
    await expect(limiter.take(soon(), within(AT_ONCE_MS))).rejects.toBeInstanceOf(NoPermit);
  }
});
