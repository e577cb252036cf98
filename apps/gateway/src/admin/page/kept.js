import { colours } from './coverage-strip.js';
import { absent, bodyOf, byId, element, sharpCanvas } from './elements.js';
import { Knowledge, ORIGINS } from './knowledge.js';
import { shift, TIMEFRAMES } from './slots.js';
import { words } from './words.js';

const SHOWN_SLOTS = 1_000;

/** The card `kept`: each timeframe's newest slots as a line, by `GET /api/coverage`; `choose` shows a timeframe's chart. */
export function showKept({ market, series }, nowMs, choose) {
  byId('kept-of').textContent = market;
  const found = TIMEFRAMES.map((code) => series.find(({ timeframe }) => timeframe === code)).filter(
    (one) => one !== undefined && one.ranges.length > 0,
  );
  const body = bodyOf('kept');
  if (found.length === 0) {
    body.replaceChildren(
      element(
        'div',
        { class: 'absent' },
        element('b', {}, 'nothing yet'),
        'The first question brings a page.',
      ),
    );
    return;
  }
  const lines = found.map((one) => ({ one, canvas: element('canvas', { class: 'kept' }) }));
  const rows = lines.map(({ one, canvas }) =>
    element(
      'tr',
      { class: 'choose', click: () => choose(one.timeframe) },
      element('td', {}, element('b', {}, one.timeframe)),
      element('td', {}, canvas),
      element('td', { class: 'right quiet' }, since(one)),
    ),
  );
  const scrolled = body.querySelector('.scroll')?.scrollTop ?? 0;
  body.replaceChildren(element('div', { class: 'scroll' }, element('table', {}, rows)));
  body.querySelector('.scroll').scrollTop = scrolled;
  for (const { one, canvas } of lines) drawLine(canvas, one, nowMs);
}

export function showKeptUnknown(why) {
  bodyOf('kept').replaceChildren(absent(why));
}

function since({ ranges }) {
  const fromMs = ranges[0].fromMs;
  return fromMs === 0 ? 'whole' : `since ${words.day(fromMs)}`;
}

/** One column of pixels for each slot or more: where slots share one, the least certain counts. */
function drawLine(canvas, series, nowMs) {
  const { pen, width, height } = sharpCanvas(canvas);
  const knowledge = new Knowledge(series);
  const columns = Math.max(1, Math.floor(width));
  const order = Object.keys(ORIGINS);
  const newestMs = shift(series.timeframe, opensAt(series.timeframe, nowMs), -1);
  for (let column = 0; column < columns; column += 1) {
    const back = SHOWN_SLOTS - 1 - Math.floor((column / columns) * SHOWN_SLOTS);
    const ends = Math.max(
      0,
      SHOWN_SLOTS - 1 - Math.floor(((column + 1) / columns) * SHOWN_SLOTS - 1e-9),
    );
    const seen = [back, ends].map((slots) =>
      knowledge.originOf(shift(series.timeframe, newestMs, -slots)),
    );
    const worst = seen.sort((one, other) => order.indexOf(other) - order.indexOf(one))[0];
    const isUnknown = worst === 'unknown';
    pen.globalAlpha = isUnknown ? 0.35 : 1;
    pen.fillStyle = colours(worst);
    // Columns overlap a little: screens of one and a half pixels would show lines between them.
    pen.fillRect(
      column,
      isUnknown ? height / 2 - 1 : 0,
      isUnknown ? 1 : 1.5,
      isUnknown ? 2 : height,
    );
  }
}

/** The open of the slot of an instant. */
function opensAt(timeframe, ms) {
  const date = new Date(ms);
  if (timeframe === '1y') return Date.UTC(date.getUTCFullYear(), 0);
  if (timeframe === '1M') return Date.UTC(date.getUTCFullYear(), date.getUTCMonth());
  const stepMs = shift(timeframe, 0, 1);
  // Weeks open on Mondays; the epoch began on a Thursday.
  const originMs = timeframe === '1w' ? 4 * 86_400_000 : 0;
  return originMs + Math.floor((ms - originMs) / stepMs) * stepMs;
}
