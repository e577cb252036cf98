import { absent, bodyOf, element } from './elements.js';
import { span, words } from './words.js';

const RUN_LEVELS = { done: 'good', running: 'warn', failed: 'bad' };

/** The card `strategies`, from `GET /api/strategies` and `GET /api/preloads`. */
export function showStrategies(strategies, preloads) {
  const { warm = [], runs, budget, state } = preloads;
  const body = bodyOf('strategies');
  const list =
    strategies.length === 0
      ? element(
          'div',
          { class: 'absent' },
          element('b', {}, 'none yet'),
          'PUT /api/strategies/{id} keeps one; the API page lets you try.',
        )
      : strategies.map((strategy) => strategyView(strategy, warm, runs));
  const others = warm.filter(({ why }) => !strategies.some(({ id }) => isFor(why, id)));
  body.replaceChildren(
    element('div', { class: 'scroll' }, list, others.length === 0 ? '' : othersView(others)),
    element(
      'p',
      { class: 'quiet' },
      state === 'preloading'
        ? `${words.whole(budget.left)} of ${words.whole(budget.perHour)} early calls an hour are left now.`
        : (preloads.detail ?? ''),
    ),
  );
}

/** The card `upcoming`: what is expected to be asked within the hour, and what comes round. */
export function showUpcoming({ upcoming = [], schedules = [], at, state, detail }) {
  const body = bodyOf('upcoming');
  if (state !== 'preloading') {
    body.replaceChildren(absent(detail));
    return;
  }
  const nowMs = Date.parse(at);
  const expected = upcoming.map(({ market, timeframe, count, from, probability, source, why }) =>
    element(
      'tr',
      { title: why.join('\n') },
      element(
        'td',
        {},
        `${market} ${timeframe}`,
        element('span', { class: 'quiet' }, `${words.whole(count)} candles`),
      ),
      element('td', {}, element('span', { class: 'tag' }, source), words.percent(probability)),
      element('td', { class: 'right' }, dueIn(from, nowMs)),
    ),
  );
  const rounds = schedules.map(({ id, next }) =>
    element(
      'tr',
      {},
      element('td', { class: 'quiet' }, id.replace('timeframe:', 'before each close of ')),
      element('td', {}, element('span', { class: 'tag' }, 'round')),
      element('td', { class: 'right quiet' }, dueIn(next, nowMs)),
    ),
  );
  body.replaceChildren(element('div', { class: 'scroll' }, element('table', {}, expected, rounds)));
}

export function showStrategiesUnknown(why) {
  bodyOf('strategies').replaceChildren(absent(why));
  bodyOf('upcoming').replaceChildren(absent(why));
}

function strategyView({ id, market, timeframe, isActive, unreadable }, warm, runs) {
  const run = runs.find(({ strategy }) => strategy === id);
  const kept = warm.filter(({ why }) => isFor(why, id));
  return element(
    'div',
    { 'data-strategy': id },
    element('table', {}, [
      element(
        'tr',
        {},
        element(
          'td',
          {},
          element('b', {}, id),
          element('span', { class: 'quiet' }, unreadable ?? `${market} ${timeframe}`),
        ),
        element(
          'td',
          { class: 'right' },
          element(
            'span',
            { class: 'tag', 'data-level': isActive ? 'good' : undefined },
            isActive ? 'active' : 'resting',
          ),
          run === undefined
            ? ''
            : element(
                'span',
                { class: 'tag', 'data-level': RUN_LEVELS[run.state], title: run.reason },
                runText(run),
              ),
        ),
      ),
      element('tr', {}, element('td', { colspan: '2' }, kept.map(warmTag))),
    ]),
  );
}

function othersView(others) {
  return element(
    'div',
    {},
    element('p', { class: 'quiet' }, 'Warm for other reasons'),
    others.map(warmTag),
  );
}

function warmTag({ market, timeframe, candles, why, until }) {
  const title = `${why.join('\n')}\nuntil ${words.moment(Date.parse(until))}`;
  return element(
    'span',
    { class: 'tag', title },
    `${market} ${timeframe} · ${words.whole(candles)}`,
  );
}

function runText({ state, done, total, calls }) {
  return state === 'running'
    ? `${done} of ${total} pages`
    : `${state}, ${calls} ${calls === 1 ? 'call' : 'calls'}`;
}

function isFor(why, id) {
  return why.some((reason) => reason.split(/[ ,]+/).includes(id));
}

function dueIn(instant, nowMs) {
  const ms = Date.parse(instant) - nowMs;
  return ms <= 0 ? 'now' : `in ${span(ms)}`;
}
