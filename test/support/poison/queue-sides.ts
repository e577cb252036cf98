import {
  FetchConsumer,
  type FetchJob,
  FetchRequester,
  HistoryConsumer,
  type HistoryJob,
  HistoryQueue,
  type JobTally,
  PreloadConsumer,
  type PreloadJob,
  PreloadQueue,
} from '@candlekeep/jobs';
import { keys } from '@candlekeep/redis';
import { freshMarket } from '../redis';
import type { PoisonHouse } from './poison-house';

/** A queue of the house: work goes in at one side, and is done at the other. */
export interface QueueSide {
  readonly queue: string;
  /** Resolves when work that is wanted now has been done. */
  readonly work: () => Promise<void>;
}

/** Every queue of a house. */
export interface Queues {
  readonly sides: readonly QueueSide[];
  /** Work that is known by a record of who wants it, and the record's key. */
  readonly wish: () => { readonly key: string; readonly work: () => Promise<void> };
  /** Sees to it that there is one schedule, and says when it comes round next, epoch ms; NaN where there is none, or another. */
  readonly nextMs: () => Promise<number>;
  /** The queue of each job that was refused. */
  readonly refused: readonly string[];
}

interface Parts {
  readonly house: PoisonHouse;
  readonly tally: JobTally;
}

/** How long work may take, ms: a list that is lost costs the second after which a caller asks again. */
const PATIENCE_MS = 8_000;
const AGAIN_MS = 20;

/** Every queue, each with one process that asks and one that works. */
export async function openQueues(house: PoisonHouse): Promise<Queues> {
  const refused: string[] = [];
  const tally: JobTally = {
    waited: () => undefined,
    ran: () => undefined,
    ended: (queue, outcome) => {
      if (outcome === 'refused') refused.push(queue);
    },
  };
  const parts = { house, tally };
  const { fetches, wish } = await fetchSides(parts);
  const { preloads, nextMs } = await preloadSide(parts);
  return { sides: [...fetches, await historySide(parts), preloads], wish, nextMs, refused };
}

async function fetchSides({ house, tally }: Parts) {
  const { clock, log, cleanUp } = house;
  const own = { clock, log, tally };
  const subscriber = house.open('subscriber');
  const requester = new FetchRequester({ ...own, redis: house.open('command'), subscriber });
  const consumer = new FetchConsumer({
    ...{ ...own, redis: house.open('blocking'), publisher: house.open('command') },
    ...{ subscriber: house.open('subscriber'), handle: () => Promise.resolve(), drainMs: 100 },
  });
  cleanUp.add(() => requester.close());
  cleanUp.add(() => consumer.close());
  await Promise.all([requester.start(), consumer.start()]);
  const request = async (job: FetchJob): Promise<void> => {
    const untilMs = clock.monotonicMs() + PATIENCE_MS;
    for (;;) {
      const waitMs = untilMs - clock.monotonicMs();
      const outcome = await requester.request(job, { waitMs, lane: 'bot' });
      if (outcome.kind === 'done') return;
      if (waitMs <= AGAIN_MS) throw new Error(`nobody did ${job.kind}`);
    }
  };
  const candles = (kind: 'page' | 'fold', market = freshMarket()): FetchJob => {
    return { kind, market, timeframe: '1m', untilMs: 60_000 };
  };
  const text = (): FetchJob => {
    return { kind: 'forward', path: '/v1/ticker', query: freshMarket(), freshSinceMs: 0 };
  };
  const wish = () => {
    const market = freshMarket();
    const key = keys.fetchWant(`${market}:1m:page:60000`);
    return { key, work: () => request(candles('page', market)) };
  };
  const fetches = [
    { queue: 'candles', work: () => request(candles('page')) },
    { queue: 'folds', work: () => request(candles('fold')) },
    { queue: 'texts', work: () => request(text()) },
  ];
  return { fetches, wish };
}

async function historySide({ house, tally }: Parts): Promise<QueueSide> {
  const { clock, log, cleanUp } = house;
  const done: string[] = [];
  const queue = new HistoryQueue({ redis: house.open('command'), clock, log });
  const handle = (job: HistoryJob): Promise<void> => {
    done.push(job.kind === 'task' ? job.taskId : job.kind);
    return Promise.resolve();
  };
  const own = { clock, log, tally };
  const consumer = new HistoryConsumer({ ...own, redis: house.open('blocking'), handle });
  cleanUp.add(() => queue.close());
  cleanUp.add(() => consumer.close());
  await consumer.start();
  const work = async (): Promise<void> => {
    const taskId = clock.token();
    await untilDone(
      house,
      () => queue.add({ kind: 'task', taskId }),
      () => done.includes(taskId),
    );
  };
  return { queue: 'history', work };
}

async function preloadSide({ house, tally }: Parts) {
  const { clock, log, cleanUp } = house;
  const done: string[] = [];
  const queue = new PreloadQueue({ redis: house.open('command'), clock, log });
  const handle = (job: PreloadJob): Promise<void> => {
    done.push(job.kind === 'run' ? job.runId : job.kind);
    return Promise.resolve();
  };
  const own = { clock, log, tally };
  const consumer = new PreloadConsumer({ ...own, redis: house.open('blocking'), handle });
  cleanUp.add(() => queue.close());
  cleanUp.add(() => consumer.close());
  await consumer.start();
  const work = async (): Promise<void> => {
    const runId = clock.token();
    const reconcile = async (): Promise<void> => {
      await queue.reconcile([{ id: 'hourly', pattern: '30 53 * * * *', job: { kind: 'hourly' } }]);
      await queue.add({ kind: 'run', runId });
    };
    await untilDone(house, reconcile, () => done.includes(runId));
  };
  const nextMs = async (): Promise<number> => {
    await work();
    const [only, ...more] = await queue.schedules();
    return only?.id === 'hourly' && more.length === 0 ? only.nextMs : NaN;
  };
  return { preloads: { queue: 'preloads', work }, nextMs };
}

/** Asks again, as keepers do each half minute, until it is done. */
async function untilDone(
  { clock }: PoisonHouse,
  ask: () => Promise<unknown>,
  isDone: () => boolean,
): Promise<void> {
  const untilMs = clock.monotonicMs() + PATIENCE_MS;
  for (let tries = 0; !isDone(); tries += 1) {
    if (tries % 10 === 0) await ask();
    if (clock.monotonicMs() > untilMs) throw new Error('nobody did what was asked for');
    await clock.sleep(AGAIN_MS);
  }
}
