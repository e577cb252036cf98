import { SystemClock } from '@candlekeep/clock';
import { Lease } from '@candlekeep/lease';
import { keys, openRedis, type RedisConnection } from '@candlekeep/redis';
import { silentLogger } from '@candlekeep/telemetry';
import { CleanUp } from '../support/clean-up';
import { HeldLeases } from '../support/held-leases';
import { LogRecorder } from '../support/log-recorder';
import { OwnQueueRedis } from '../support/own-queue-redis';

const TTL_MS = 1_500;

describe('a lease whose Redis fails', () => {
  const clock = new SystemClock();
  const cleanUp = new CleanUp();
  let server: OwnQueueRedis;
  let leases: HeldLeases;

  beforeAll(async () => {
    server = await OwnQueueRedis.start();
  });
  beforeEach(() => {
    leases = new HeldLeases();
  });
  afterEach(async () => {
    await leases.stop();
    await cleanUp.run();
  });
  afterAll(async () => {
    await server.close();
  });

  const connect = (): RedisConnection => {
    const redis = openRedis({
      ...{ url: server.url, role: 'command', name: 'test-lease', onError: () => undefined },
    });
    cleanUp.add(() => {
      redis.disconnect();
    });
    return redis;
  };
  const hold = (log = new LogRecorder()) => {
    const redis = connect();
    leases.hold(new Lease({ redis, name: 'outage', clock, log, ttlMs: TTL_MS }));
    return log;
  };

  it('ends its term before it could run out when Redis stalls, and no one else begins before', async () => {
    const log = hold();
    const first = await leases.nextTerm();
    hold();
    const pausing = connect();
    await pausing.client('PAUSE', TTL_MS * 2, 'ALL');
    const stalledAtMs = clock.monotonicMs();
    await new Promise((ended) => {
      first.signal.addEventListener('abort', ended);
    });
    expect(first.signal.reason).toMatchObject({ kind: 'ran-out' });
    expect(clock.monotonicMs() - stalledAtMs).toBeLessThan(TTL_MS);
    expect(leases.terms).toEqual([first]);
    const second = await leases.nextTerm();
    expect(second.token).toBeGreaterThan(first.token);
    expect(clock.monotonicMs() - stalledAtMs).toBeGreaterThan(TTL_MS * 1.9);
    const warnings = log.lines.filter(({ level }) => level === 'warn');
    expect(warnings.map(({ message }) => message)).toContain(
      'holds the lease "outage" no longer: it could not be renewed in time',
    );
  });

  it('outlives a Redis that was killed and is back in time', async () => {
    const log = hold();
    const first = await leases.nextTerm();
    // What is to survive is on the disk within a second.
    await clock.sleep(1_200);
    await server.kill();
    await server.bringBack();
    await clock.sleep(TTL_MS);
    expect(first.signal.aborted).toBe(false);
    expect(leases.terms).toHaveLength(1);
    expect(await connect().exists(keys.lease('outage'))).toBe(1);
    expect(log.lines.filter(({ level }) => level === 'warn').length).toBeLessThanOrEqual(1);
  });

  it('is taken again, under a larger token, from a Redis that has forgotten it', async () => {
    hold();
    const first = await leases.nextTerm();
    await server.replace();
    const second = await leases.nextTerm();
    expect(first.signal.reason).toMatchObject({ kind: 'lost' });
    expect(second.token).toBeGreaterThan(first.token);
  });

  it('is held when Redis comes, by who has waited for it', async () => {
    await server.kill();
    hold();
    const { stop } = leases.hold(
      new Lease({ redis: connect(), name: 'other', clock, log: silentLogger, ttlMs: TTL_MS }),
    );
    await stop();
    expect(leases.terms).toEqual([]);
    await server.bringBack();
    expect((await leases.nextTerm()).signal.aborted).toBe(false);
  });
});
