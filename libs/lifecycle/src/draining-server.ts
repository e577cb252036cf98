import type { Server } from 'node:http';
import type { Clock } from '@candlekeep/clock';
import type { Closable } from './process-lifecycle';

/** How long running requests may take after a stop was asked, ms. Longer than a caller is made to wait for the exchange. */
const DRAIN_MS = 11_000;
const LOOK_EVERY_MS = 50;

/**
 * An HTTP server that can be stopped while clients keep their connections open: from the stop on every answer says
 * `Connection: close`, connections that become idle are closed, and what still runs after 11 s is cut off.
 */
export class DrainingServer implements Closable {
  private isDraining = false;

  /**
   * @param server the listening server
   * @param stopListening closes it, and resolves when its last connection has gone
   */
  constructor(
    private readonly server: Server,
    private readonly stopListening: () => Promise<unknown>,
    private readonly clock: Clock,
  ) {
    server.prependListener('request', (_request, response) => {
      if (this.isDraining) response.setHeader('Connection', 'close');
    });
  }

  async close(): Promise<void> {
    this.isDraining = true;
    const closed = new AbortController();
    const stopped = this.stopListening().finally(() => {
      closed.abort();
    });
    await Promise.all([stopped, this.closeConnections(closed.signal)]);
  }

  private async closeConnections(closed: AbortSignal): Promise<void> {
    const startMs = this.clock.monotonicMs();
    while (!closed.aborted) {
      if (this.clock.monotonicMs() - startMs > DRAIN_MS) this.server.closeAllConnections();
      else this.server.closeIdleConnections();
      await this.clock.sleep(LOOK_EVERY_MS, closed).catch(() => undefined);
    }
  }
}
