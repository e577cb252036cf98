import { absent, bodyOf, element } from './elements.js';
import { words } from './words.js';

/** What each queue carries. */
const CARRIES = {
  candles: 'pages of the exchange',
  folds: 'longer candles from minutes',
  texts: 'tickers, books, trades',
  preloads: 'what is fetched early',
  history: 'backfills, verification',
};

/** The tile `queues`, from `GET /api/overview`. */
export function showQueues({ queues }) {
  const number = (count, level) =>
    element(
      'td',
      { class: 'right' },
      count > 0 ? element('b', { class: 'state', 'data-level': level }, words.short(count)) : '·',
    );
  const heads = ['queue', 'waits', 'runs', 'later', 'failed'];
  bodyOf('queues').replaceChildren(
    element(
      'table',
      {},
      element(
        'tr',
        {},
        heads.map((head, index) =>
          element('th', { class: index === 0 ? undefined : 'right' }, head),
        ),
      ),
      queues.map(({ name, waiting, active, delayed, failed }) =>
        element(
          'tr',
          { title: CARRIES[name] },
          element('td', {}, name),
          number(waiting, waiting > 50 ? 'warn' : undefined),
          number(active, 'good'),
          number(delayed),
          number(failed, 'bad'),
        ),
      ),
    ),
  );
}

export function showQueuesUnknown(why) {
  bodyOf('queues').replaceChildren(absent(why));
}
