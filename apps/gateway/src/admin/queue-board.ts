import { createBullBoard } from '@bull-board/api';
import { BullMQAdapter } from '@bull-board/api/bullMQAdapter';
import { FastifyAdapter } from '@bull-board/fastify';
import { QUEUE_NAMES } from '@candlekeep/jobs';
import { keys, type RedisConnection } from '@candlekeep/redis';
import type { Logger } from '@candlekeep/telemetry';
import { Queue } from 'bullmq';
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { mayAdminister } from '../access';

/** Styles stand in the page and in its elements; scripts and fonts come from here or not at all. */
const POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; connect-src 'self'; base-uri 'self'; form-action 'none'; frame-ancestors 'none'";
/** The page asks a font host elsewhere; its own list of fonts goes on with the system's. */
const FONT_LINK = /<link href="https:\/\/fonts[^>]*>/g;
/** What the page is told of the queues. */
const queueList = z.looseObject({ queues: z.array(z.looseObject({})) });
const BOARD_PATH = '/admin/queues';
const LOGO = '/admin/assets/candle.svg';

export interface QueueBoardParts {
  /** `command` connection to the queue server. */
  readonly redis: RedisConnection;
  readonly log: Logger;
}

/** `/admin/queues`: Bull Board on every queue of the house. */
export class QueueBoard {
  private readonly queues: readonly Queue[];

  constructor({ redis, log }: QueueBoardParts) {
    this.queues = QUEUE_NAMES.map((name) => {
      const queue = new Queue(name, { connection: redis, prefix: keys.queuePrefix });
      queue.on('error', (error) => {
        log.warn(`the ${name} queue reports an error to the queue board`, { error });
      });
      return queue;
    });
  }

  /** Adds its routes to a scope of its own. Who may look, and who may change anything, the gate has decided by then. */
  routes(board: FastifyInstance): void {
    board.addHook('preSerialization', async (request, _reply, payload) =>
      Promise.resolve(mayAdminister(request) ? payload : withoutButtons(payload)),
    );
    board.addHook('onSend', async (_request, reply, payload) => {
      void reply.header('content-security-policy', POLICY);
      return await Promise.resolve(
        typeof payload === 'string' ? payload.replace(FONT_LINK, '') : payload,
      );
    });
    board.register(this.plugin());
  }

  async close(): Promise<void> {
    await Promise.all(this.queues.map((queue) => queue.close()));
  }

  private plugin() {
    const adapter = new FastifyAdapter().setBasePath(BOARD_PATH);
    createBullBoard({
      queues: this.queues.map((queue) => new BullMQAdapter(queue)),
      serverAdapter: adapter,
      options: {
        uiConfig: {
          boardTitle: 'Candlekeep queues',
          hideDocsLink: true,
          boardLogo: { path: LOGO, width: 18, height: 23 },
          favIcon: { default: LOGO, alternative: LOGO },
          miscLinks: [{ text: 'Dashboard', url: '/admin' }],
        },
      },
    });
    return adapter.registerPlugin();
  }
}

/** The queues as the page shows them to somebody who may change nothing. */
function withoutButtons(payload: unknown): unknown {
  const list = queueList.safeParse(payload);
  if (!list.success) return payload;
  const queues = list.data.queues.map((queue) => ({ ...queue, readOnlyMode: true }));
  return { ...list.data, queues };
}
