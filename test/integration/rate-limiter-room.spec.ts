import { SystemClock } from '@candlekeep/clock';
import { steadyDemand } from '@candlekeep/rate-limiter';
import { ANSWERED, bot, limiterRig, REST_MS, soon, within } from '../support/limiter-rig';
import { RisingDemand } from '../support/rising-demand';

const clock = new SystemClock();

describe('the limiter’s waiting room', () => {
  const rig = limiterRig();

  it('lets a waiter that becomes more urgent overtake', async () => {
    const limiter = await rig.openSettled();
    const permits = await rig.takeAll(limiter);
    const order: string[] = [];
    const raised = new RisingDemand(7);
    const waiting = [
      limiter.take(soon(), steadyDemand(3)).then(() => order.push('chart')),
      limiter.take(soon(), raised).then(() => order.push('raised')),
    ];
    await clock.sleep(30);
    raised.rise(0);
    await limiter.release(permits[0]!, ANSWERED);
    await Promise.all(waiting);
    expect(order).toEqual(['raised', 'chart']);
  });

  it('hears of more urgency that comes while it asks', async () => {
    const limiter = await rig.openSettled();
    const permits = await rig.takeAll(limiter);
    const raised = new RisingDemand(7);
    const order: string[] = [];
    const chart = limiter.take(soon(), steadyDemand(3)).then(() => order.push('chart'));
    await clock.sleep(20);
    const late = limiter.take(soon(), raised).then(() => order.push('raised'));
    raised.rise(0);
    await limiter.release(permits[0]!, ANSWERED);
    await Promise.all([chart, late]);
    expect(order).toEqual(['raised', 'chart']);
  });

  it('forgets a waiter that died, and goes on with the others', async () => {
    const limiter = await rig.openSettled();
    await rig.takeAll(limiter);
    await rig.redis.zadd(rig.keyOf('waiting'), 1, 'dead');
    await rig.redis.zadd(rig.keyOf('patience'), await rig.futureMs(200), 'dead');
    await expect(limiter.take(soon(), bot())).resolves.toHaveProperty('token');
  });

  it('stops waiting with the reason of its signal', async () => {
    const limiter = await rig.openSettled();
    await rig.takeAll(limiter);
    const giveUp = new AbortController();
    const waiting = limiter.take(giveUp.signal, bot());
    giveUp.abort(new Error('the caller left'));
    await expect(waiting).rejects.toThrow('the caller left');
    await expect(limiter.take(giveUp.signal, bot())).rejects.toThrow('the caller left');
  });

  it('tells when the time is over while others are more urgent', async () => {
    const limiter = await rig.openSettled();
    await rig.takeAll(limiter);
    const startMs = clock.monotonicMs();
    const refused = limiter.take(soon(), within(120));
    await expect(refused).rejects.toMatchObject({ code: 'NO_PERMIT', reason: 'busy' });
    expect(clock.monotonicMs() - startMs).toBeLessThan(REST_MS * 2);
  });
});
