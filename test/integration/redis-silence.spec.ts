import { SystemClock } from '@candlekeep/clock';
import { openRedis, type RedisConnection, type RedisRole } from '@candlekeep/redis';
import { waitFor } from '../support/app-process';
import { MutedProxy } from '../support/muted-proxy';
import { redisUrl } from '../support/servers';

describe('a connection whose server has vanished without a word', () => {
  let way: MutedProxy;
  const opened: RedisConnection[] = [];

  const open = async (role: RedisRole): Promise<RedisConnection> => {
    const redis = openRedis({ url: way.url, role, name: 'silence', onError: () => undefined });
    opened.push(redis);
    await redis.ping();
    return redis;
  };

  beforeAll(async () => {
    way = await MutedProxy.open(redisUrl());
  });
  afterAll(async () => {
    for (const redis of opened) redis.disconnect();
    await way.close();
  });

  it('is opened anew, whatever it is for, and what waited for an answer gets one', async () => {
    const [command, blocking] = [await open('command'), await open('blocking')];
    way.mute();
    const waiting = blocking.echo('of a worker');
    await expect(command.echo('of a caller')).rejects.toThrow('timed out');
    await waitFor(async () => {
      expect(await command.echo('again')).toBe('again');
    }, 60_000);
    expect(await waiting).toBe('of a worker');
  });

  it('is left alone while nothing is asked, and while the server waits as long as it was told to', async () => {
    const blocking = await open('blocking');
    let breaks = 0;
    blocking.on('close', () => (breaks += 1));
    expect(await blocking.blpop('nobody pushes here', 10)).toBeNull();
    const idle = await open('command');
    idle.on('close', () => (breaks += 1));
    await new SystemClock().sleep(6_000);
    expect(await idle.echo('still there')).toBe('still there');
    expect(breaks).toBe(0);
  });
});
