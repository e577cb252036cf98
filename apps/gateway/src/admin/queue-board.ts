import { createBullBoard } from '@bull-board/api';
import { BullMQAdapter } from '@bull-board/api/bullMQAdapter';
import { FastifyAdapter } from '@bull-board/fastify';
import type { AllQueues } from '@candlekeep/jobs';
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

/** `/admin/queues`: Bull Board on every queue of the house. */
export class QueueBoard {
  constructor(private readonly queues: Pick<AllQueues, 'list'>) {}

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

  private plugin() {
    const adapter = new FastifyAdapter().setBasePath(BOARD_PATH);
    createBullBoard({
      queues: this.queues.list.map(({ queue }) => new BullMQAdapter(queue)),
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
