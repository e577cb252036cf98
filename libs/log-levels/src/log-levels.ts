import type { Clock } from '@candlekeep/clock';
import { keys, readOwnText, type RedisConnection } from '@candlekeep/redis';
import {
  type AdjustableLogger,
  background,
  LOG_LEVELS,
  type LogLevel,
} from '@candlekeep/telemetry';

/** Kinds of processes that can be spoken to by themselves. */
export const LOGGING_PROCESSES = ['gateway', 'worker', 'live'] as const;
export type LoggingProcess = (typeof LOGGING_PROCESSES)[number];

/** From which level on is to be logged, by whom, and for how long. */
export interface LevelWish {
  readonly level: LogLevel;
  /** Default: all of them. */
  readonly process?: LoggingProcess | undefined;
  readonly seconds: number;
}

export interface LogLevelsParts {
  /** `command` connection to the queue server. */
  readonly redis: RedisConnection;
  readonly clock: Clock;
  readonly log: AdjustableLogger;
  readonly process: LoggingProcess;
  /** What holds when nothing was said. */
  readonly own: LogLevel;
}

const ALL = 'all';
const LOOK_EVERY_MS = 1_000;
const MS_PER_SECOND = 1_000;

/** Levels that are said to running processes, through the queue server. */
export class LogLevels {
  private stopLooking: () => void = () => undefined;
  private level: LogLevel;

  constructor(private readonly parts: LogLevelsParts) {
    this.level = parts.own;
  }

  /** Begins to heed what is said. */
  start(): void {
    const { clock, log } = this.parts;
    this.stopLooking = clock.every(LOOK_EVERY_MS, () => {
      background(log, 'looking for the log level', this.look());
    });
  }

  /** Says it to all whom it concerns. Said to all, it takes the place of what was said to one kind. Rejects with ioredis' error. */
  async say({ level, process, seconds }: LevelWish): Promise<void> {
    const saying = this.parts.redis.multi();
    if (process === undefined) saying.del(...LOGGING_PROCESSES.map(keys.logLevel));
    saying.set(keys.logLevel(process ?? ALL), level, 'PX', seconds * MS_PER_SECOND);
    await saying.exec();
    await this.look();
  }

  /** What the processes of each kind were told; absent where they log by their own `LOG_LEVEL`. */
  async told(): Promise<Readonly<Partial<Record<LoggingProcess, LogLevel>>>> {
    const [all, ...own] = await this.read([ALL, ...LOGGING_PROCESSES]);
    const told: Partial<Record<LoggingProcess, LogLevel>> = {};
    LOGGING_PROCESSES.forEach((process, index) => {
      const level = own[index] ?? all;
      if (level !== undefined) told[process] = level;
    });
    return told;
  }

  close(): Promise<void> {
    this.stopLooking();
    return Promise.resolve();
  }

  /** While Redis is away it stays as it is. */
  private async look(): Promise<void> {
    const { redis, log, own, process } = this.parts;
    if (redis.status !== 'ready') return;
    const [said, saidToAll] = await this.read([process, ALL]);
    const level = said ?? saidToAll ?? own;
    if (level === this.level) return;
    this.level = level;
    log.adjust(level);
    log.warn(`logs from "${level}" on`, { said: level, own });
  }

  private async read(names: readonly string[]): Promise<readonly (LogLevel | undefined)[]> {
    const { redis } = this.parts;
    return await Promise.all(
      names.map((name) => readOwnText(redis, keys.logLevel(name), parseLevel)),
    );
  }
}

function parseLevel(text: string): LogLevel {
  const level = LOG_LEVELS.find((known) => known === text);
  if (level !== undefined) return level;
  throw new TypeError(`"${text}" is no log level: expected one of ${LOG_LEVELS.join(', ')}`);
}
