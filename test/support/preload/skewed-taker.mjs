// Takes the jobs of one queue by a clock that is off by CLOCK_OFFSET_MS, and writes down whatever it took. Ends with its parent.
import { Redis } from 'ioredis';

const offMs = Number(process.env.CLOCK_OFFSET_MS ?? 0);
const { REDIS_URL, QUEUE, PREFIX, TAKEN_KEY } = process.env;
const honest = Date.now;
Date.now = () => honest() + offMs;
// The queue's library looks at the clock when it is loaded, too.
const { Worker } = await import('bullmq');

const connection = new Redis(REDIS_URL, { maxRetriesPerRequest: null });
const take = async ({ id }) => {
  await connection.rpush(TAKEN_KEY, id);
};
const worker = new Worker(QUEUE, take, { connection, prefix: PREFIX });
await worker.waitUntilReady();
process.once('disconnect', async () => {
  await worker.close();
  process.exit(0);
});
process.send('ready');
