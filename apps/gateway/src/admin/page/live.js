import { absent, bodyOf, byId, element } from './elements.js';
import { span, words } from './words.js';

/** A market that said something so lately is lively; thin ones are quiet for minutes, and worth a look only after so long. */
const LIVELY_MS = 60_000;
const LONG_MS = 1_800_000;
const LEVELS = { steady: 'good', lagging: 'warn', silent: 'bad', away: 'bad' };

/** The card `live`, from `GET /api/live`; `choose` shows a market's chart. */
export function showLive({ stream, markets, sinceMs, atMs }, choose, chosen) {
  byId('stream').replaceChildren(
    element('span', { class: 'state', 'data-level': LEVELS[stream.state] }, stream.state),
    stream.ageMs === undefined ? '' : ` · heard ${span(stream.ageMs)} ago`,
    stream.lagMs === undefined ? '' : ` · ${span(stream.lagMs)} behind`,
  );
  const rows = [...markets]
    .sort(
      (one, other) =>
        Number(isLong(other)) - Number(isLong(one)) || (one.market < other.market ? -1 : 1),
    )
    .map((market) => row(market, choose, chosen));
  const scrolled = bodyOf('live').querySelector('.scroll')?.scrollTop ?? 0;
  bodyOf('live').replaceChildren(
    element(
      'div',
      { class: 'scroll' },
      element(
        'table',
        {},
        element(
          'tr',
          {},
          ['market', 'minutes closed'].map((head) => element('th', {}, head)),
          element('th', { class: 'right' }, 'last word'),
        ),
        rows,
      ),
    ),
    element('p', { class: 'quiet' }, `One process leads for ${span(atMs - sinceMs)}.`),
  );
  bodyOf('live').querySelector('.scroll').scrollTop = scrolled;
}

export function showLiveUnknown(why) {
  byId('stream').replaceChildren();
  bodyOf('live').replaceChildren(absent(why));
}

function row(
  { market, lastFrameAgeMs, proven, empty, doubtful, corrections, mode },
  choose,
  chosen,
) {
  const age = lastFrameAgeMs ?? Infinity;
  const level = age < LIVELY_MS ? 'good' : age < LONG_MS ? undefined : 'warn';
  return element(
    'tr',
    { class: 'choose', 'aria-current': String(market === chosen), click: () => choose(market) },
    element('td', {}, market),
    element(
      'td',
      {},
      `${words.whole(proven + empty)} proven`,
      doubtful > 0 ? `, ${words.whole(doubtful)} asked` : '',
      corrections > 0
        ? element('span', { class: 'tag', 'data-level': 'warn' }, `${corrections} corrected`)
        : '',
      mode === 'rest' ? element('span', { class: 'tag', 'data-level': 'warn' }, 'by REST') : '',
    ),
    element(
      'td',
      { class: 'right' },
      element(
        'span',
        { class: 'age', 'data-level': level },
        age === Infinity ? 'none yet' : span(age),
      ),
    ),
  );
}

function isLong({ lastFrameAgeMs = Infinity }) {
  return lastFrameAgeMs >= LONG_MS;
}
