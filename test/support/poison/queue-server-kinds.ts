import { quotaOf, RowCounters, SessionBook } from '@candlekeep/access';
import { DayCounts, readDay } from '@candlekeep/day-counts';
import { FeedPublisher, KeptFrames, type LiveStatus, readStatus } from '@candlekeep/feed';
import { Lease, type Term } from '@candlekeep/lease';
import { LogLevels } from '@candlekeep/log-levels';
import { parseMarketCode } from '@candlekeep/market';
import { PreloadBudget, type PreloadPlan, readPlan, writePlan } from '@candlekeep/preloader';
import { keys } from '@candlekeep/redis';
import { background, Count } from '@candlekeep/telemetry';
import { UsageReader, UsageRecorder } from '@candlekeep/usage';
import { createHash } from 'node:crypto';
import { questionOf } from '../usage-sides';
import type { PoisonHouse } from './poison-house';
import type { PoisonKind } from './poison-kind';

const market = parseMarketCode('KRW-BTC');

/** Every kind of the queue's server but those of the limiter and of BullMQ. */
export function queueServerKinds(house: PoisonHouse): readonly PoisonKind[] {
  return [
    leaseKind(house),
    statusKind(house),
    frameKind(house),
    usageKind(house),
    budgetKind(house),
    planKind(house),
    sessionKind(house),
    ...quotaKinds(house),
    dayKind(house),
    levelKind(house),
  ];
}

/** One leads, and another stands by. */
function leaseKind({ redis, clock, log, cleanUp }: PoisonHouse): PoisonKind {
  const stop = new AbortController();
  const held = new Set<Term>();
  let largest = 0;
  let isRising = true;
  const leases = [0, 1].map(() => new Lease({ redis, name: 'one', clock, log, ttlMs: 100 }));
  const hold = async (term: Term) => {
    held.add(term);
    isRising &&= term.token > largest;
    largest = Math.max(largest, term.token);
    await new Promise<void>((resolve) => {
      const leave = () => {
        resolve();
      };
      term.signal.addEventListener('abort', leave, { once: true });
    });
    held.delete(term);
  };
  const holding = leases.map((lease) => lease.hold(stop.signal, hold));
  background(log, 'holding', Promise.all(holding));
  cleanUp.add(async () => {
    stop.abort();
    await Promise.all(holding);
  });
  const act = async () => {
    for (let tries = 0; tries < 400; tries += 1) {
      const token = (await leases[0]?.holder())?.token ?? 0;
      const isToken = token > 1e12 && token < 1e13;
      if (isToken && [...held].at(-1)?.token === token) return { isRising };
      await clock.sleep(10);
    }
    return `held by ${[...held].map(({ token }) => token).join(' and ')}`;
  };
  return {
    name: 'lease',
    key: () => keys.lease('one'),
    act,
    silent: /^holder|^until: in|deleted$/,
  };
}

function statusKind({ redis, clock, log, cleanUp }: PoisonHouse): PoisonKind {
  const publisher = new FeedPublisher({ redis, clock, log });
  cleanUp.add(() => publisher.close());
  const status: LiveStatus = {
    ...{ leader: 'a', token: 1, sinceMs: 1, atMs: 1, stream: { state: 'steady' }, markets: [] },
  };
  const act = async () => {
    if ((await readStatus(redis)) === undefined) await publisher.status(status);
    return await readStatus(redis);
  };
  return { name: 'feedStatus', key: () => keys.feedStatus, act };
}

function frameKind({ redis, clock }: PoisonHouse): PoisonKind {
  let number = 0;
  const act = async () => {
    const frames = new KeptFrames(redis);
    const before = await frames.find('ticker', market);
    const text = JSON.stringify({
      ...{ type: 'ticker', code: market, stream_type: 'REALTIME' },
      ...{ timestamp: Math.floor(clock.nowMs()), number: (number += 1) },
    });
    frames.remember('ticker', market, text);
    await frames.write();
    const after = await frames.find('ticker', market);
    return [before === undefined || before.includes(market), after === text];
  };
  return {
    name: 'feedFrame',
    key: () => keys.feedFrame('ticker', market),
    act,
    silent: /: (?:deleted|negative)$/,
  };
}

function usageKind({ redis, clock, log }: PoisonHouse): PoisonKind {
  const reader = new UsageReader({ redis, log });
  let lastId = '0';
  let back = 0;
  const act = async () => {
    const recorder = new UsageRecorder({ redis, clock, log });
    recorder.note(questionOf('bot', (back += 1)));
    const early = await reader.read(lastId);
    await recorder.close();
    const late = await reader.read(early.lastId);
    lastId = late.lastId;
    const notes = [...early.notes, ...late.notes];
    return {
      isHeard: notes.some((note) => note.back === back),
      areOfNow: notes.every(({ atMs }) => Math.abs(atMs - clock.nowMs()) < 60_000),
      dropped: recorder.droppedCount,
    };
  };
  return { name: 'usageNotes', key: () => keys.usageNotes, act, quiet: /^entry/ };
}

/** 600 an hour: 30 at once without memory, 300 at most. */
function budgetKind({ redis }: PoisonHouse): PoisonKind {
  const budget = new PreloadBudget({ redis, perHour: 600 });
  const act = async () => {
    const isTaken = await budget.take(1, 0);
    const { left } = await budget.read();
    return { isTaken, isCareful: left < 30 };
  };
  return { name: 'preloadBudget', key: () => keys.preloadBudget, act };
}

function planKind({ redis }: PoisonHouse): PoisonKind {
  const plan: PreloadPlan = {
    ...{ atMs: 1, owner: 'a', sinceMs: 1, budget: { perHour: 1, left: 1 }, schedules: [] },
    ...{ warm: [], upcoming: [] },
    counts: { notes: 0, lost: 0, unreadable: 0, asks: 0, refused: 0 },
  };
  const act = async () => {
    if ((await readPlan(redis)) === undefined) await writePlan(redis, plan);
    return await readPlan(redis);
  };
  return { name: 'preloadPlan', key: () => keys.preloadPlan, act };
}

/** Whoever has lost a login logs in again. */
function sessionKind({ redis }: PoisonHouse): PoisonKind {
  const book = new SessionBook(redis);
  let token = '';
  const act = async () => {
    if ((await book.find(token)) !== 'key-1') token = await book.open('key-1');
    return await book.find(token);
  };
  const key = () => keys.session(createHash('sha256').update(token).digest('hex'));
  const silent = /nan|negative|endless|infinite|9999/;
  return { name: 'session', key, act, silent };
}

/** Two gateways: none may count alone. */
function quotaKinds({ redis }: PoisonHouse): readonly PoisonKind[] {
  const ROWS = 3_000;
  const gateways = [0, 1].map(() => new RowCounters(quotaOf(ROWS), redis));
  const act = async () => {
    const draws = [];
    for (const gateway of gateways) draws.push(await gateway.draw('a', 10));
    const remaining = draws.map((draw) => (draw.kind === 'granted' ? draw.remaining : Infinity));
    const [first = 0, second = 0] = remaining;
    return { isGranted: second < Infinity, isShared: first - second === 10 && first < ROWS };
  };
  // So many rows can have been answered: they close the window until it ends, which is not what is poisoned here.
  const except = /9999/;
  return ['sustained', 'burst'].map((window) => {
    return { name: 'quota', key: () => `${keys.quota(window)}:a`, act, except };
  });
}

function dayKind({ redis, clock, log }: PoisonHouse): PoisonKind {
  const days = new DayCounts({ redis, clock, log });
  const counts = ['answers:l0', 'refused'].map((field) => {
    const count = new Count();
    days.follow(field, count);
    return { field, count };
  });
  const act = async () => {
    await readDay(redis, clock.nowMs());
    for (const { count } of counts) count.add(1);
    await days.tell();
    await days.tell();
    const day = await readDay(redis, clock.nowMs());
    return counts.map(({ field }) => day.count(field) > 0 && day.count(field) < 1e6);
  };
  const key = () => keys.dayCounts(new Date(clock.nowMs()).toISOString().slice(0, 10));
  return { name: 'dayCounts', key, act, silent: /: deleted$/ };
}

function levelKind({ redis, clock, log }: PoisonHouse): PoisonKind {
  const levels = new LogLevels({ redis, clock, log, process: 'gateway', own: 'info' });
  const act = async () => {
    const told = await levels.told();
    if (told.gateway === undefined) {
      await levels.say({ level: 'debug', process: 'gateway', seconds: 60 });
    }
    return (await levels.told()).gateway;
  };
  return { name: 'logLevel', key: () => keys.logLevel('gateway'), act };
}
