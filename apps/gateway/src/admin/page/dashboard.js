import { Answers } from './answers.js';
import { read, readAnyway } from './api.js';
import { showBudget, showBudgetUnknown } from './budget.js';
import { byId } from './elements.js';
import { showKept, showKeptUnknown } from './kept.js';
import { showLive, showLiveUnknown } from './live.js';
import { showQueues, showQueuesUnknown } from './queues.js';
import { repeat } from './repeat.js';
import { SeriesCard } from './series-card.js';
import { showStrategies, showStrategiesUnknown, showUpcoming } from './strategies.js';
import { problemsIn, showVerdict } from './verdict.js';
import { span, words } from './words.js';

const SIGNED_OUT = 401;
const answers = new Answers();
/** The newest reading of each kind: `{value}` or `{why, status}`. */
const readings = { ready: {}, budget: {}, live: {}, overview: {}, preloads: {} };

const series = new SeriesCard(() => lookAtCoverage?.());
const lookAtCoverage = repeat(10, showCoverage);

/** Reads one thing again and again, shows it or says why it cannot, and judges the whole anew. */
function watch(name, seconds, { from, show, showUnknown }) {
  repeat(
    seconds,
    async () => {
      const value = await from();
      readings[name] = { value };
      show(value);
      judge();
    },
    (error) => {
      if (error.status === SIGNED_OUT) location.reload();
      readings[name] = { why: error.message, status: error.status };
      if (error.status === undefined) throw error;
      showUnknown?.(error.message);
      judge();
    },
  );
}

function judge() {
  const isComplete = Object.values(readings).every(
    ({ value, why }) => value !== undefined || why !== undefined,
  );
  showVerdict(problemsIn(readings), isComplete);
}

watch('ready', 3, {
  from: () => readAnyway('/health/ready'),
  show: ({ body }) => showBuild(body.build),
});
watch('overview', 2, {
  from: () => read('/api/overview'),
  show: (overview) => {
    answers.show(overview);
    showQueues(overview);
    showBuild(overview.build);
  },
  showUnknown: (why) => {
    answers.showUnknown(why);
    showQueuesUnknown(why);
  },
});
watch('budget', 1, {
  from: () => read('/api/exchange/budget'),
  show: showBudget,
  showUnknown: showBudgetUnknown,
});
watch('live', 2, {
  from: () => read('/api/live'),
  show: (live) => showLive(live, (market) => series.open(market, series.timeframe), series.market),
  showUnknown: showLiveUnknown,
});
watch('preloads', 5, {
  from: async () => {
    const [strategies, preloads] = await Promise.all([
      read('/api/strategies'),
      read('/api/preloads'),
    ]);
    showStrategies(strategies, preloads);
    return preloads;
  },
  show: showUpcoming,
  showUnknown: showStrategiesUnknown,
});
repeat(2, () => series.tick());
byId('zone').textContent = words.zone();
void begin();
void greet();

/** Until the list of markets is there, nothing can be shown of any. */
async function begin() {
  try {
    await series.begin();
  } catch (error) {
    series.showTrouble(`The list of markets: ${error.message}`);
    setTimeout(begin, 3_000);
  }
}

/** Who has logged in can leave. */
async function greet() {
  const { kind, name } = await read('/admin/visitor');
  byId('leave').hidden = kind !== 'session';
  byId('leave').title = `signed in with the key ${name}`;
}

async function showCoverage() {
  const { market, timeframe } = series;
  if (market === '') return;
  try {
    const known = await read(`/api/coverage?market=${market}`);
    if (market !== series.market || timeframe !== series.timeframe) return;
    series.know(known.series.find((one) => one.timeframe === timeframe));
    showKept(known, Date.now(), (chosen) => series.open(market, chosen));
  } catch (error) {
    showKeptUnknown(error.message);
    throw error;
  }
}

function showBuild(build) {
  if (build === undefined) return;
  const { version, commit, startedAtMs, startedAt } = build;
  const sinceMs = startedAtMs ?? Date.parse(startedAt);
  const up = Number.isFinite(sinceMs) ? ` · up ${span(Date.now() - sinceMs)}` : '';
  byId('build').textContent = `${version ?? ''}${commit ? ` ${commit.slice(0, 7)}` : ''}${up}`;
}
