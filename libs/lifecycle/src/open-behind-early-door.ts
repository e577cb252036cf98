import type { Clock } from '@candlekeep/clock';
import type { AdjustableLogger, LogLevel } from '@candlekeep/telemetry';
import { readBuild } from './build-info';
import { EarlyDoor, type EarlyRefusal } from './early-door';
import type { Closable, Opened } from './process-lifecycle';
import type { ProcessPhase } from './process-phase';
import type { ReadinessParts } from './readiness';

/** What a process starts with. */
export interface ProcessStart<Env> {
  readonly env: Env;
  readonly log: AdjustableLogger;
  readonly clock: Clock;
  readonly phase: ProcessPhase;
}

interface DoorEnv {
  readonly HOST: string;
  /** Without one the process has no door. */
  readonly PORT?: number | undefined;
  readonly LOG_LEVEL: LogLevel;
  readonly BUILD_COMMIT?: string | undefined;
}

/** What health says of a process besides the state of its parts. */
export type ProcessSelf = Omit<ReadinessParts, 'checks'>;

/** How a process is opened: what it works with first, then its own door. */
export interface ProcessOpening<Parts extends Closable> {
  readonly openParts: () => Promise<Parts>;
  /** @param makeWay gives the port free: to be called when all is ready to listen there */
  readonly openDoor: (parts: Parts, self: ProcessSelf, makeWay: () => void) => Promise<Opened>;
  /** What the early door says to who asks for more than health. */
  readonly refuse?: EarlyRefusal;
}

/**
 * Opens a process' parts while an {@link EarlyDoor} answers at its address, then its door in that one's place. The early door is gone
 * however it ends; when the door cannot be opened, the parts are closed again.
 */
export async function openBehindEarlyDoor<Parts extends Closable>(
  { env, log, clock, phase }: ProcessStart<DoorEnv>,
  { openParts, openDoor, refuse }: ProcessOpening<Parts>,
): Promise<Opened> {
  log.adjust(env.LOG_LEVEL);
  const self = { phase, build: readBuild(env.BUILD_COMMIT), startedAtMs: clock.nowMs() };
  const early = await EarlyDoor.open({ host: env.HOST, port: env.PORT, refuse }, self);
  const makeWay = (): void => {
    early.release();
  };
  try {
    const parts = await openParts();
    return await openDoor(parts, self, makeWay).catch(async (error: unknown) => {
      await parts.close();
      throw error;
    });
  } finally {
    makeWay();
  }
}
