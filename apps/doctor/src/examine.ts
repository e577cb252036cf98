import type { Clock } from '@candlekeep/clock';
import { RedisConnections } from '@candlekeep/redis';
import { silentLogger } from '@candlekeep/telemetry';
import { engines } from '../../../package.json';
import { judgeAccess } from './checks/access';
import { checkDoor, checkPort } from './checks/door';
import { judgeRest, judgeStream, type ExchangeWays } from './checks/exchange';
import { judgeNode } from './checks/node';
import { judgePostgres } from './checks/postgres';
import { lookAtPostgres } from './checks/postgres-look';
import { judgeCache, judgeQueue } from './checks/redis';
import { lookAtRedis, type RedisLook } from './checks/redis-look';
import { lookAtRest } from './checks/rest-look';
import { lookAtStream } from './checks/stream-look';
import { exchangeWays } from './exchange-ways';
import { type Finding, warn } from './finding';
import { readSettings, type Settings } from './settings';
import type { Surroundings } from './surroundings';

/** Looks at everything, side by side where that disturbs nothing, and tells it in the order of a start. */
export async function examine(
  surroundings: Surroundings,
  clock: Clock,
): Promise<readonly Finding[]> {
  const settings = readSettings(surroundings);
  const connections = new RedisConnections('doctor', silentLogger);
  try {
    const parts = await Promise.all([
      checkDoors(settings),
      checkServers({ surroundings, settings, connections, clock }),
      checkPostgres(surroundings, settings, clock),
      checkStream(surroundings, settings, clock),
    ]);
    const [doors, { redis, rest }, postgres, stream] = parts;
    const node = judgeNode(process.versions.node, engines.node);
    return [node, ...settings.findings, ...doors, ...redis, ...postgres, ...rest, ...stream];
  } finally {
    await connections.close();
  }
}

async function checkDoors({ gateway }: Settings): Promise<Finding[]> {
  if (gateway === undefined) return [unseen('gateway')];
  const { HOST: host, PORT: port, ADMIN_HOST, ADMIN_PORT } = gateway;
  const door = await checkDoor({ host, port });
  const isRunning = door.some(({ check, seen }) => check === 'gateway' && !seen.startsWith('none'));
  if (ADMIN_PORT === undefined || isRunning) return door;
  const check = `port ${ADMIN_PORT} of ${ADMIN_HOST} (admin)`;
  return [...door, await checkPort(check, { host: ADMIN_HOST, port: ADMIN_PORT })];
}

interface ServersCheck {
  readonly surroundings: Surroundings;
  readonly settings: Settings;
  readonly connections: RedisConnections;
  readonly clock: Clock;
}

/** Redis, and the call of the exchange that takes its permit there. */
async function checkServers(parts: ServersCheck) {
  const { surroundings, settings, connections, clock } = parts;
  const { REDIS_URL, REDIS_CACHE_URL } = surroundings.variables;
  const [queue, cache] = await Promise.all([
    lookAtRedis(REDIS_URL, connections, clock),
    lookAtRedis(REDIS_CACHE_URL, connections, clock),
  ]);
  const ways = exchangeWays(surroundings, settings);
  return {
    redis: [...judgeQueue(queue), ...judgeCache(cache, queue)],
    rest: ways === undefined ? [unseen('exchange REST')] : await checkRest(ways, queue, parts),
  };
}

async function checkRest(
  ways: ExchangeWays,
  queue: RedisLook,
  { settings: { worker }, clock }: ServersCheck,
): Promise<Finding[]> {
  const ask = {
    url: ways.restUrl,
    egressId: worker?.EGRESS_ID ?? 'default',
    caps: { perMinute: worker?.LIMIT_PER_MINUTE ?? 0, perHour: worker?.LIMIT_PER_HOUR ?? 0 },
    queue: queue.kind === 'there' && !queue.facts.isReplica ? queue.connection : undefined,
  };
  return judgeRest(await lookAtRest(ask, clock), ways);
}

async function checkPostgres(
  { variables, servers }: Surroundings,
  { gateway }: Settings,
  clock: Clock,
): Promise<Finding[]> {
  const look = await lookAtPostgres(variables.DATABASE_URL, clock);
  const access = gateway === undefined ? [] : [judgeAccess(gateway, look)];
  return [...judgePostgres(look, servers === 'npm start'), ...access];
}

async function checkStream(
  surroundings: Surroundings,
  settings: Settings,
  clock: Clock,
): Promise<Finding[]> {
  const ways = exchangeWays(surroundings, settings);
  if (ways === undefined) return [unseen('exchange stream')];
  return judgeStream(await lookAtStream(ways.streamUrl, clock), ways);
}

function unseen(check: string): Finding {
  return warn(
    check,
    'not looked at: the settings that say where cannot be used',
    'mend them first',
  );
}
