// One load after another from the generator's process, with what the server used meanwhile.
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { usageOf } from '../process-usage.mjs';

/** Puts `order` (see load-generator.mjs) on a server; throws when an answer was anything but a 200. */
export async function load(server, order) {
  const child = fork(new URL('./load-generator.mjs', import.meta.url));
  try {
    await wordOf(child);
    const before = usageOf(server.pid);
    child.send({ url: server.url, ...order });
    const result = await wordOf(child);
    const { cpuMs } = usageOf(server.pid);
    if (result.error !== undefined) throw new Error(`load on ${server.url}: ${result.error}`);
    if (Object.keys(result.statuses).join() !== '200') {
      const statuses = JSON.stringify(result.statuses);
      throw new Error(`${server.url} answered ${statuses} to ${order.paths[0]} and the like`);
    }
    return { ...result, cpuUs: ((cpuMs - before.cpuMs) * 1_000) / result.requests };
  } finally {
    if (child.connected) child.disconnect();
  }
}

async function wordOf(child) {
  const ended = once(child, 'exit').then(() => {
    throw new Error('the load generator ended before it had a result; its words are above');
  });
  const [word] = await Promise.race([once(child, 'message'), ended]);
  return word;
}
