import type { Clock } from '@candlekeep/clock';
import { variables } from '@candlekeep/lifecycle';
import {
  findSnapshotRule,
  readServerFacts,
  type RedisConnection,
  type RedisConnections,
  type ServerFacts,
  serverTimeMs,
} from '@candlekeep/redis';
import { addressText } from '../address';
import { type Offset, readOffset } from '../clock-offset';
import { reasonOf } from '../finding';

/** What was found at the address of a Redis server. */
export type RedisLook =
  /** No address is given. */
  | { readonly kind: 'none' }
  | { readonly kind: 'away'; readonly address: string; readonly reason: string }
  | {
      readonly kind: 'there';
      readonly address: string;
      readonly connection: RedisConnection;
      readonly facts: ServerFacts;
      /** As {@link findSnapshotRule}. */
      readonly snapshots: string | undefined;
      readonly offset: Offset;
    };

/** A Redis server that answers. */
export type RedisThere = Extract<RedisLook, { readonly kind: 'there' }>;

/** Asks the server at `url` what it is; changes nothing there. */
export async function lookAtRedis(
  url: string | undefined,
  connections: RedisConnections,
  clock: Clock,
): Promise<RedisLook> {
  if (url === undefined) return { kind: 'none' };
  const address = addressText(url);
  if (!variables.REDIS_URL.safeParse(url).success || !URL.canParse(url)) {
    return { kind: 'away', address, reason: 'expected redis://[user:password@]host:port' };
  }
  const connection = connections.open(url, 'command');
  try {
    await connections.reach(connection);
    const facts = await readServerFacts(connection);
    const snapshots = await findSnapshotRule(connection);
    const offset = await readOffset(() => serverTimeMs(connection), clock);
    return { kind: 'there', address, connection, facts, snapshots, offset };
  } catch (error) {
    return { kind: 'away', address, reason: reasonOf(error) };
  }
}
