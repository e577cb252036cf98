import { candlesOf, stateOf } from './budget.js';
import { byId, element } from './elements.js';
import { span } from './words.js';

/** What needs a look, the worst first: `{level, text, advice}`. Each reading is `{value}`, or `{why, status}` when there was none. */
export function problemsIn({ ready, budget, live, overview, preloads }) {
  const found = [
    ...ofHealth(ready),
    ...(budget.value?.egresses ?? []).flatMap(ofEgress),
    ...ofStream(live),
    ...(overview.value?.queues ?? []).flatMap(ofQueue),
    ...ofPreloads(preloads),
  ];
  return found.sort((one, other) => (one.level === other.level ? 0 : one.level === 'bad' ? -1 : 1));
}

/** Says it in the page's head, and each problem below. */
export function showVerdict(problems, isComplete) {
  const worst = problems[0]?.level ?? (isComplete ? 'good' : 'unknown');
  const count = problems.length;
  const verdict = byId('verdict');
  verdict.dataset.level = worst;
  verdict.textContent =
    count > 0
      ? `${count} ${count === 1 ? 'thing needs' : 'things need'} a look`
      : isComplete
        ? 'all is well'
        : 'looking …';
  document.title = count > 0 ? `(${count}) Candlekeep` : 'Candlekeep';
  byId('problems').replaceChildren(
    ...problems.map(({ level, text, advice }) =>
      element(
        'li',
        { 'data-level': level },
        element('b', {}, text),
        element('span', { class: 'quiet' }, advice),
      ),
    ),
  );
}

function ofHealth({ value }) {
  if (value === undefined || value.status === 200) return [];
  if (value.status === 0) {
    const advice =
      'What you see below is from before. Is it running? Is this machine still connected to it?';
    return [{ level: 'bad', text: 'The gateway does not answer.', advice }];
  }
  const { reasons = [], parts = {} } = value.body;
  const away = Object.entries(parts).filter(([, state]) => state !== 'ok');
  const text = [...reasons, ...away.map(([part, state]) => `${part}: ${state}`)].join(' ');
  return [{ level: 'bad', text: 'The gateway is not ready.', advice: text }];
}

function ofEgress(egress) {
  const group = candlesOf(egress);
  if (group === undefined) return [];
  const { level, text } = stateOf(egress, group);
  if (level === 'good') return [];
  const advice =
    level === 'bad'
      ? 'What is known is served meanwhile; new candles wait. It goes on by itself; if it comes again, somebody else calls from the same address.'
      : 'It comes back by itself.';
  return [{ level, text: `Calls to the exchange (${egress.egress}): ${text}.`, advice }];
}

function ofStream({ value, status }) {
  if (status === 503) {
    const advice =
      'Answers come by REST, at the price of more calls. Start one: npm run start:live.';
    return [{ level: 'warn', text: 'No process follows the exchange’s stream.', advice }];
  }
  if (value === undefined || value.stream.state === 'steady') return [];
  const { state, ageMs } = value.stream;
  const heard = ageMs === undefined ? 'Nothing was heard yet.' : `Last heard ${span(ageMs)} ago.`;
  const advice = `${heard} Answers come by REST until it is steady again.`;
  return [{ level: 'warn', text: `The exchange’s stream is ${state}.`, advice }];
}

function ofQueue({ name, waiting }) {
  if (waiting <= 200) return [];
  const advice = 'Are workers running? The exchange’s limit is the floor: see the budget.';
  return [{ level: 'warn', text: `${waiting} jobs wait in the queue ${name}.`, advice }];
}

function ofPreloads({ value }) {
  if (value === undefined || value.state === 'preloading') return [];
  return [{ level: 'warn', text: 'Nobody preloads.', advice: value.detail ?? '' }];
}
