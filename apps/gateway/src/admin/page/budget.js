import { absent, bodyOf, element, pairs } from './elements.js';
import { span, words } from './words.js';

/** What stands in the way, in words. */
const REASONS = {
  banned: 'blocked by the exchange (418)',
  'rate-limited': 'the exchange said too many (429)',
  unavailable: 'the exchange does not answer',
  'memory-lost': 'feeling its way: the limiter’s memory was lost',
  'clock-jumped': 'feeling its way: the limiter’s clock jumped',
  ramp: 'coming back after a block',
};

/** The tile `budget`, from `GET /api/exchange/budget`: of each egress the candles' group. */
export function showBudget({ egresses }) {
  const body = bodyOf('budget');
  if (egresses.length === 0) {
    body.replaceChildren(absent('No worker has called the exchange in the last two days.'));
    return;
  }
  body.replaceChildren(...egresses.map((egress) => egressView(egress, egresses.length > 1)));
}

export function showBudgetUnknown(why) {
  bodyOf('budget').replaceChildren(absent(why));
}

/** What an egress' calls come to at present: its circuit before its group's breaker before fewer slots. */
export function stateOf({ circuit, now }, { breaker, reduced }) {
  const atMs = Date.parse(now);
  const until = (state) =>
    state.until === undefined ? '' : `, ${span(Date.parse(state.until) - atMs)} left`;
  for (const state of [circuit, breaker]) {
    if (state.state === 'open')
      return {
        level: 'bad',
        text: `stopped: ${REASONS[state.reason] ?? state.reason}${until(state)}`,
      };
    if (state.state === 'half-open')
      return { level: 'warn', text: `one call to see: ${REASONS[state.reason] ?? state.reason}` };
  }
  if (reduced !== undefined)
    return { level: 'warn', text: `slower: ${REASONS[reduced.reason]}${until(reduced)}` };
  return { level: 'good', text: 'open' };
}

/** The group that candles are called under; undefined before the first call. */
export function candlesOf({ groups }) {
  return groups.find(({ group }) => group === 'candles');
}

function egressView(egress, isNamed) {
  const name = isNamed ? element('div', { class: 'quiet' }, egress.egress) : '';
  const group = candlesOf(egress);
  if (group === undefined)
    return element('div', {}, name, absent('No candle was called for lately.'));
  const state = stateOf(egress, group);
  const waiting = Object.entries(group.waiting).filter(([, count]) => count > 0);
  return element(
    'div',
    {},
    name,
    slots(group, state),
    element('span', { class: 'state', 'data-level': state.level }, state.text),
    gauge('minute', group.perMinute),
    gauge('hour', group.perHour),
    pairs(
      waiting.length === 0
        ? [['waiting', 'nobody']]
        : waiting.map(([lane, count]) => [lane, words.whole(count), undefined, 'hot']),
    ),
  );
}

/** One mark for each call that a second may hold. */
function slots({ limit, allowed, inFlight, resting, held, foreign }, { level }) {
  const use = (index) => {
    if (level === 'bad') return 'closed';
    if (index >= allowed) return 'withheld';
    if (index < inFlight) return 'used';
    return index < inFlight + resting + held + foreign ? 'resting' : 'free';
  };
  const marks = Array.from({ length: limit }, (_, index) =>
    element('span', { 'data-use': use(index) }),
  );
  const title = `${limit} calls a second: ${inFlight} under way, ${resting} resting, ${held + foreign} left to others`;
  return element('div', { class: 'slots', title, role: 'img', 'aria-label': title }, marks);
}

function gauge(name, { limit, used }) {
  if (limit === 0) return pairs([[`this ${name}`, words.whole(used)]]);
  const part = Math.min(1, used / limit);
  return element(
    'div',
    { class: 'gauge', 'data-level': part > 0.9 ? 'bad' : undefined },
    `per ${name}`,
    element('span', { class: 'track' }, element('span', { '--part': `${part * 100}%` })),
    element('span', {}, element('b', {}, words.whole(used)), ` of ${words.whole(limit)}`),
  );
}
