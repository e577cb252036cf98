import type { Metrics } from './metrics';

/** What the Redis connections of a process say of themselves. */
export interface RedisCounts {
  /** One for each connection. */
  readonly connections: readonly { readonly role: string; readonly isReady: boolean }[];
  /** Values so far that were none of ours, and were taken away. */
  readonly poisonedCount: number;
}

/** Tells how the Redis connections of the process stand, and what they have met with. */
export function tellRedis(metrics: Metrics, redis: RedisCounts): void {
  metrics.read('redisConnections', () => {
    const { connections } = redis;
    const roles = [...new Set(connections.map(({ role }) => role))];
    return roles.flatMap((role) => {
      const ofRole = connections.filter((one) => one.role === role);
      const ready = ofRole.filter(({ isReady }) => isReady).length;
      return [
        { labels: { role, state: 'ready' }, value: ready },
        { labels: { role, state: 'away' }, value: ofRole.length - ready },
      ];
    });
  });
  metrics.read('poisonedValues', () => [{ labels: {}, value: redis.poisonedCount }]);
}
