import { byId, colour, element, sharpCanvas } from './elements.js';
import { ORIGINS } from './knowledge.js';
import { isForming } from './series-chart.js';
import { words } from './words.js';

/** Traded slots stand tall, verified empty ones are low. */
const EMPTY_SHARE = 0.32;

/** The strip below the chart: each slot that is shown, by what is known of it, in the chart's own scale. */
export class CoverageStrip {
  canvas = byId('strip');
  key = byId('key');

  /** Draws the slots of `range` (logical, as the chart counts). */
  draw(data, knowledge, chart, range) {
    const { pen, height } = sharpCanvas(this.canvas);
    const counts = new Map();
    if (range === null || data === undefined) return;
    const from = Math.max(0, Math.floor(range.from));
    const until = Math.min(data.slots.length, Math.ceil(range.to) + 1);
    const step = Math.abs((chart.placeOf(from + 1) ?? 0) - (chart.placeOf(from) ?? 0));
    const width = Math.max(1, step - (step > 4 ? 1 : 0));
    for (let index = from; index < until; index += 1) {
      const slot = data.slots[index];
      const x = chart.placeOf(index);
      if (x === null || x > chart.plotWidth) continue;
      const origin = isForming(slot, data) ? 'forming' : knowledge.originOf(slot.openMs);
      const name = `${origin}:${slot.isEmpty ? 'empty' : 'traded'}`;
      counts.set(name, (counts.get(name) ?? 0) + 1);
      const tall = slot.isEmpty ? Math.max(3, height * EMPTY_SHARE) : height;
      pen.fillStyle = colours(origin);
      pen.fillRect(x - width / 2, height - tall, width, tall);
    }
    this.showKey(counts);
  }

  showKey(counts) {
    const of = (origin, kind) => counts.get(`${origin}:${kind}`) ?? 0;
    const traded = Object.keys(ORIGINS)
      .map((origin) => [
        origin,
        of(origin, 'traded') + (origin === 'unknown' ? of(origin, 'empty') : 0),
      ])
      .filter(([origin, count]) => count > 0 || origin === 'verified')
      .map(([origin, count]) => entry(ORIGINS[origin].name, count, ORIGINS[origin].colour));
    const empty = Object.keys(ORIGINS)
      .filter((origin) => origin !== 'unknown' && origin !== 'forming')
      .reduce((sum, origin) => sum + of(origin, 'empty'), 0);
    this.key.replaceChildren(...traded, entry('verified empty (low)', empty, 'quiet', 'short'));
  }
}

const cache = new Map();
matchMedia('(prefers-color-scheme: light)').addEventListener('change', () => cache.clear());

/** The colour of an origin; asked for some hundred times a frame. */
export function colours(origin) {
  const known = cache.get(origin);
  if (known !== undefined) return known;
  const found = colour(ORIGINS[origin].colour);
  cache.set(origin, found);
  return found;
}

function entry(name, count, tint, kind) {
  return element(
    'li',
    {},
    element('i', { class: kind, '--colour': `var(--${tint})` }),
    `${name} `,
    element('b', {}, words.whole(count)),
  );
}
