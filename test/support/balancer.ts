import { SystemClock } from '@candlekeep/clock';
import { z } from 'zod';
import { httpGet, type HttpAnswer } from './http-get';

const PROBE_EVERY_MS = 100;
const readiness = z.looseObject({ reasons: z.array(z.string()) });
const clock = new SystemClock();

/** Sends each request to the next server that says it is ready, as a load balancer does; never tries one twice. */
export class Balancer {
  private ready: string[] = [];
  private next = 0;
  private readonly stop = new AbortController();
  private probing: Promise<void> = Promise.resolve();
  /** What servers have said when they were not ready. */
  readonly reasons = new Set<string>();

  /** @param servers the addresses of all servers, looked at before each probe */
  constructor(private readonly servers: () => readonly string[]) {}

  /** Resolves when each server was probed once. */
  async start(): Promise<void> {
    await this.probe();
    this.probing = this.keepProbing();
  }

  async ask(path: string): Promise<HttpAnswer> {
    this.next += 1;
    const server = this.ready[this.next % this.ready.length];
    if (server === undefined) throw new Error('no server is ready');
    return await httpGet(`${server}${path}`);
  }

  async close(): Promise<void> {
    this.stop.abort();
    await this.probing;
  }

  private async keepProbing(): Promise<void> {
    while (!this.stop.signal.aborted) {
      await this.probe();
      await clock.sleep(PROBE_EVERY_MS, this.stop.signal).catch(() => undefined);
    }
  }

  private async probe(): Promise<void> {
    const servers = this.servers();
    const states = await Promise.all(servers.map((server) => this.isReady(server)));
    this.ready = servers.filter((_server, index) => states[index]);
  }

  private async isReady(server: string): Promise<boolean> {
    try {
      const { status, body } = await httpGet(`${server}/health/ready`);
      if (status === 200) return true;
      for (const reason of readiness.parse(JSON.parse(body)).reasons) this.reasons.add(reason);
    } catch {
      // Nobody is there any more.
    }
    return false;
  }
}
