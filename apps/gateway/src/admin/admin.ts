import type { AllQueues } from '@candlekeep/jobs';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { dashboardRoutes } from './dashboard-routes';
import { QueueBoard } from './queue-board';

/** What operators see: `/admin` and everything below it. Who may is decided before a request comes here. */
export class Admin {
  private readonly board: QueueBoard;

  constructor(queues: Pick<AllQueues, 'list'>) {
    this.board = new QueueBoard(queues);
  }

  /** Adds its routes, before the application listens. */
  attach(app: NestFastifyApplication): void {
    app
      .getHttpAdapter()
      .getInstance()
      .register(
        (admin, _options, done) => {
          dashboardRoutes(admin);
          admin.register(
            (board, _inner, ready) => {
              this.board.routes(board);
              ready();
            },
            { prefix: '/queues' },
          );
          done();
        },
        { prefix: '/admin' },
      );
  }
}
