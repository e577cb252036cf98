import path from 'node:path';
import { seriesName } from '@candlekeep/market';
import { keys, LuaScript, type RedisConnection } from '@candlekeep/redis';
import { z } from 'zod';
import type { WindowWish } from './candle-window';
import { LONGEST_WISH_MS } from './window-wish';

/** A wish as it is kept, and until when its window was told how many rows to keep: 0 while it may not have been. */
interface KeptWish {
  readonly untilMs: number;
  readonly rows: number;
  readonly toldUntilMs: number;
}

type KeptWishes = ReadonlyMap<string, KeptWish>;

/** A window that is to keep other rows than before; without `keep`, the default. */
interface Telling {
  readonly name: string;
  readonly keep?: KeptWish;
}

/** A window that was lost has forgotten what it was told: it hears it again so long after the last time, ms. */
const TELL_AGAIN_MS = 6 * 3_600_000;
/** Windows told in one go. */
const BATCH = 250;
/** Not wanted any more, and not told so yet. */
const TAKEN_BACK: KeptWish = { untilMs: 0, rows: 0, toldUntilMs: 0 };

/**
 * Which windows are wanted, as Redis has it: one hash for the ledger, and a field of each window's own. The hash says who is about to
 * be told otherwise before the windows are told: whoever dies in between is followed by one who tells them again.
 */
export class WindowWishes {
  constructor(private readonly redis: RedisConnection) {}

  async replace(wishes: readonly WindowWish[]): Promise<void> {
    const { nowMs, earlier } = await readWishes.run(this.redis, [keys.windowsWanted], []);
    const kept = keptWishes(wishes, nowMs, earlier);
    const tellings = changes(earlier, kept);
    if (tellings.length > 0) {
      await this.write(whileTelling(kept, tellings));
      await this.tell(tellings);
    }
    await this.write(kept);
  }

  private async tell(tellings: readonly Telling[]): Promise<void> {
    for (let done = 0; done < tellings.length; done += BATCH) {
      await Promise.all(tellings.slice(done, done + BATCH).map((telling) => this.tellOne(telling)));
    }
  }

  private async tellOne({ name, keep }: Telling): Promise<void> {
    const args = [keep?.rows ?? '', keep?.toldUntilMs ?? '', LONGEST_WISH_MS];
    await keepWindow.run(this.redis, [keys.seriesMeta(name)], args);
  }

  /** They live as long as a window keeps what it was told. */
  private async write(wishes: KeptWishes): Promise<void> {
    const replacing = this.redis.multi().del(keys.windowsWanted);
    if (wishes.size > 0) {
      replacing.hset(keys.windowsWanted, new Map([...wishes].map(entryOf)));
      replacing.pexpire(keys.windowsWanted, LONGEST_WISH_MS);
    }
    await replacing.exec();
  }
}

const keepWindow = new LuaScript(path.join(__dirname, 'keep-window.lua'), () => undefined, 'all');
const readWishes = new LuaScript(path.join(__dirname, 'read-wishes.lua'), parseWishes, 'all');
const whole = z
  .string()
  .regex(/^\d{1,15}$/)
  .transform(Number);
const wishNumbers = z.tuple([whole, whole, whole]);
const wishesReply = z.tuple([z.number(), z.array(z.string())]);

/** What is wanted from now on: wishes that have ended are none, and none is longer than it may be. */
function keptWishes(wishes: readonly WindowWish[], nowMs: number, earlier: KeptWishes): KeptWishes {
  const lasting = wishes.filter(({ untilMs }) => untilMs > nowMs);
  return new Map(
    lasting.map(({ series, rows, untilMs }) => {
      const name = seriesName(series);
      const toldUntilMs = toldUntil(rows, nowMs, earlier.get(name));
      return [name, { rows, untilMs: Math.min(untilMs, nowMs + LONGEST_WISH_MS), toldUntilMs }];
    }),
  );
}

/** Until when the window keeps its rows: as it was told, where that was lately and of as many rows. */
function toldUntil(rows: number, nowMs: number, earlier: KeptWish | undefined): number {
  const longestMs = nowMs + LONGEST_WISH_MS;
  const isTold =
    earlier?.rows === rows &&
    earlier.toldUntilMs > longestMs - TELL_AGAIN_MS &&
    earlier.toldUntilMs <= longestMs;
  return isTold ? earlier.toldUntilMs : longestMs;
}

function changes(earlier: KeptWishes, kept: KeptWishes): readonly Telling[] {
  const unwanted = [...earlier.keys()].filter((name) => !kept.has(name)).map((name) => ({ name }));
  const changed = [...kept].filter(([name, { rows, toldUntilMs }]) => {
    const told = earlier.get(name);
    return told?.rows !== rows || told.toldUntilMs !== toldUntilMs;
  });
  return [...unwanted, ...changed.map(([name, keep]) => ({ name, keep }))];
}

function whileTelling(kept: KeptWishes, tellings: readonly Telling[]): KeptWishes {
  const untold = tellings.map(({ name, keep = TAKEN_BACK }): [string, KeptWish] => [
    name,
    { ...keep, toldUntilMs: 0 },
  ]);
  return new Map([...kept, ...untold]);
}

function entryOf([name, { untilMs, rows, toldUntilMs }]: [string, KeptWish]): [string, string] {
  return [name, `${untilMs} ${rows} ${toldUntilMs}`];
}

/** Reads the reply of read-wishes.lua; fields that begin with `#` are the ledger's own. */
function parseWishes(reply: unknown): {
  readonly nowMs: number;
  readonly earlier: KeptWishes;
} {
  const [nowMs, texts] = wishesReply.parse(reply);
  const earlier = new Map<string, KeptWish>();
  texts.forEach((name, index) => {
    if (index % 2 === 1 || name.startsWith('#')) return;
    earlier.set(name, parseWish(name, texts[index + 1] ?? ''));
  });
  return { nowMs, earlier };
}

/** Reads what `entryOf` writes. */
function parseWish(name: string, text: string): KeptWish {
  const [untilMs, rows, toldUntilMs] = wishNumbers.parse(text.split(' '), {
    error: () => `"${text}" is no wish for ${name}: expected until, rows, told until`,
  });
  return { untilMs, rows, toldUntilMs };
}
