import { absent, bodyOf, element, pairs } from './elements.js';
import { RateSpark } from './spark.js';
import { words } from './words.js';

/** Where answers come from, the nearest first. */
const SOURCES = [
  ['l0', 'memory'],
  ['l1', 'Redis'],
  ['l2', 'Postgres'],
  ['fold', 'folded'],
  ['exchange', 'exchange'],
];

/** How a call may end without anybody having to look. */
const HEALTHY = new Set(['ok', 'answered']);

/** The tiles `answers` and `saved`, from `GET /api/overview`. */
export class Answers {
  answerSpark = new RateSpark(sparkCanvas(), 'amber');
  callSpark = new RateSpark(sparkCanvas(), 'exchange');

  show({ answers, calls, exchangeCalls, asOfMs }) {
    this.showShares(answers, asOfMs);
    this.showSaved(calls, exchangeCalls, asOfMs);
  }

  showUnknown(why) {
    bodyOf('answers').replaceChildren(absent(why));
    bodyOf('saved').replaceChildren(absent(why));
  }

  showShares({ total, bySource, refused }, asOfMs) {
    const known = SOURCES.reduce((sum, [source]) => sum + (bySource[source] ?? 0), 0);
    const share = known === 0 ? undefined : 1 - (bySource.exchange ?? 0) / known;
    const bars = SOURCES.map(([source]) =>
      element('span', {
        ...{ title: `${source}: ${words.whole(bySource[source] ?? 0)}` },
        ...{ '--share': String(bySource[source] ?? 0), '--colour': `var(--${source})` },
      }),
    );
    bodyOf('answers').replaceChildren(
      element(
        'div',
        { class: 'number' },
        share === undefined ? '–' : words.percent(share),
        element('small', {}, `of ${words.short(total)} answers`),
      ),
      element('div', { class: 'stack' }, bars),
      pairs([
        ...SOURCES.map(([source, name]) => [name, words.short(bySource[source] ?? 0), source]),
        ...(refused > 0 ? [['refused', words.short(refused), undefined, 'hot']] : []),
      ]),
      rateView(this.answerSpark, total, asOfMs),
    );
    this.answerSpark.draw();
  }

  showSaved({ eachForItself, made, ...told }, { byOutcome = {} }, asOfMs) {
    // A house that has just begun looks ahead before anybody asks.
    const saved = Math.max(0, told.saved);
    const times =
      made > 0 && eachForItself > made ? ` · ${words.short(eachForItself / made)} × fewer` : '';
    bodyOf('saved').replaceChildren(
      element(
        'div',
        { class: 'number' },
        words.short(saved),
        element('small', {}, `calls${times}`),
      ),
      element(
        'div',
        { class: 'stack' },
        element('span', { '--share': String(made), '--colour': 'var(--exchange)', title: 'made' }),
        element('span', { '--share': String(saved), '--colour': 'var(--good)', title: 'saved' }),
      ),
      pairs([
        ['made', words.short(made), 'exchange'],
        ['each for itself', words.short(eachForItself), 'good'],
        ...Object.entries(byOutcome).map(([outcome, count]) => [
          ...[outcome, words.short(count), undefined],
          HEALTHY.has(outcome) ? undefined : 'hot',
        ]),
      ]),
      rateView(this.callSpark, made, asOfMs),
    );
    this.callSpark.draw();
  }
}

/** The line of a rate, and what it is now. */
function rateView(spark, count, asOfMs) {
  const perSecond = spark.take(count, asOfMs);
  const now = perSecond === undefined ? '' : `${words.rate(perSecond)} a second`;
  return element('div', { class: 'rate' }, spark.canvas, element('span', { class: 'quiet' }, now));
}

function sparkCanvas() {
  return element('canvas', { class: 'spark', 'aria-hidden': 'true' });
}
