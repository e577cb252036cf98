import { read } from './api.js';
import { CoverageStrip } from './coverage-strip.js';
import { byId, element } from './elements.js';
import { Knowledge } from './knowledge.js';
import { SeriesChart, isForming } from './series-chart.js';
import { SeriesData } from './series-data.js';
import { TIMEFRAMES } from './slots.js';
import { words } from './words.js';

/** Older slots are asked for when fewer than so many are left of what is shown. */
const AHEAD_SLOTS = 150;
const RETRY_MS = 5_000;
/** Kept in the address: a reload, or a link sent to somebody, shows the same. */
const start = new URLSearchParams(location.hash.slice(1));

/** The card of one series: what to show, the chart, the stream, the strip. */
export class SeriesCard {
  market = start.get('market') ?? '';
  timeframe = TIMEFRAMES.includes(start.get('timeframe')) ? start.get('timeframe') : '1m';
  knowledge = new Knowledge();
  strip = new CoverageStrip();
  chart = new SeriesChart(byId('chart'), {
    onView: (range) => this.onView(range),
    onHover: (ms) => this.showLegend(ms),
  });

  constructor(onChange) {
    this.onChange = onChange;
    byId('timeframes').append(
      ...TIMEFRAMES.map((code) =>
        element(
          'button',
          { type: 'button', 'data-code': code, click: () => this.open(this.market, code) },
          code,
        ),
      ),
    );
    byId('market').addEventListener('change', ({ target }) =>
      this.open(target.value, this.timeframe),
    );
    addEventListener('resize', () => this.drawStrip());
  }

  /** Fills the list of markets and opens the first view. */
  async begin() {
    const markets = await read('/api/markets');
    const isKorean = navigator.language.startsWith('ko');
    byId('market').replaceChildren(
      ...markets.map(({ market, koreanName, englishName }) =>
        element('option', { value: market }, `${market} · ${isKorean ? koreanName : englishName}`),
      ),
    );
    const isListed = markets.some(({ market }) => market === this.market);
    await this.open(isListed ? this.market : (markets[0]?.market ?? ''), this.timeframe);
  }

  /** Shows a series. Whoever chooses another one meanwhile gets that. */
  async open(market, timeframe) {
    this.stream?.close();
    Object.assign(this, { market, timeframe, knowledge: new Knowledge() });
    history.replaceState(null, '', `#${new URLSearchParams({ market, timeframe })}`);
    byId('market').value = market;
    for (const button of byId('timeframes').children) {
      button.setAttribute('aria-pressed', String(button.dataset.code === timeframe));
    }
    const data = new SeriesData(market, timeframe);
    this.opening = data;
    this.beat('waiting', 'loading');
    try {
      await data.open();
    } catch (error) {
      if (this.opening === data) this.tryAgain(error);
      return;
    }
    if (this.opening !== data) return;
    this.data = data;
    this.showTrouble(undefined);
    this.chart.show(data);
    this.showPrice();
    this.showLegend(undefined);
    this.follow();
    this.onChange();
  }

  /** Says why nothing is shown, and looks again soon, unless something else is chosen by then. */
  tryAgain({ message }) {
    const { market, timeframe, opening } = this;
    this.showTrouble(`${market} ${timeframe}: ${message}`);
    this.beat('broken', 'not shown');
    setTimeout(() => {
      if (this.opening === opening) void this.open(market, timeframe);
    }, RETRY_MS);
  }

  /** What is stored of the series, read anew by whoever reads it for the whole market. */
  know(series) {
    this.knowledge = new Knowledge(series);
    this.drawStrip();
  }

  /** Called each two seconds: seconds have no stream of their own. */
  async tick() {
    const { data } = this;
    if (data === undefined || this.timeframe !== '1s') return;
    const fromMs = data.slots.at(-20)?.openMs ?? 0;
    await data.refresh();
    if (data === this.data) this.redraw(fromMs);
  }

  follow() {
    const { data } = this;
    if (this.timeframe === '1s') return;
    const stream = new EventSource(`/api/stream?series=${data.market}:${data.timeframe}`);
    this.stream = stream;
    stream.addEventListener('open', () => this.beat('live', 'live'));
    stream.addEventListener('error', () => this.beat('broken', 'reconnecting'));
    stream.addEventListener('candle', (event) => {
      if (this.data !== data) return;
      const newestMs = data.newest?.openMs ?? 0;
      const candle = JSON.parse(event.data);
      if (data.take(candle)) this.redraw(Math.min(newestMs, candle.openMs));
    });
    stream.addEventListener('gap', () => void this.open(this.market, this.timeframe));
  }

  redraw(fromMs) {
    this.chart.update(this.data, fromMs);
    this.showPrice();
    this.showLegend(this.hoveredMs);
    this.drawStrip();
    this.beat('live', 'live');
  }

  onView(range) {
    this.drawStrip();
    if (range !== null && range.from < AHEAD_SLOTS) void this.loadOlder();
  }

  async loadOlder() {
    const { data } = this;
    if (data === undefined || data.isLoading === true || data.isWhole) return;
    data.isLoading = true;
    byId('chart').dataset.loading = 'older';
    try {
      const added = await data.older();
      this.showTrouble(undefined);
      if (data === this.data) this.chart.extend(data, added);
      if (data === this.data) this.onChange();
    } catch (error) {
      this.showTrouble(`Older candles: ${error.message}`);
    }
    delete byId('chart').dataset.loading;
    byId('chart').dataset.slots = String(data.slots.length);
    data.isLoading = false;
  }

  drawStrip() {
    if (this.chart === undefined) return;
    const range = this.chart.chart.timeScale().getVisibleLogicalRange();
    this.strip.draw(this.data, this.knowledge, this.chart, range);
  }

  showPrice() {
    const { slots } = this.data;
    const [before, last] = slots.filter(({ isEmpty }) => !isEmpty).slice(-2);
    const price = last ?? before;
    byId('price').textContent = price === undefined ? '' : words.price(price.close);
    byId('price').dataset.way =
      price === undefined || price.close >= (before?.close ?? 0) ? 'up' : 'down';
    byId('chart').dataset.slots = String(slots.length);
  }

  showLegend(ms) {
    this.hoveredMs = ms;
    const slot = ms === undefined ? this.data?.newest : this.data?.at(ms);
    if (slot === undefined) return;
    const values = slot.isEmpty
      ? [element('span', {}, 'nothing was traded ')]
      : ['open', 'high', 'low', 'close'].map((name) =>
          element('span', { class: name }, `${name} `, element('b', {}, words.price(slot[name]))),
        );
    const forming = isForming(slot, this.data)
      ? element('span', { class: 'forming' }, 'forming')
      : '';
    byId('legend').replaceChildren(element('b', {}, words.moment(slot.openMs)), ...values, forming);
  }

  showTrouble(text) {
    byId('trouble').hidden = text === undefined;
    byId('trouble').textContent = text ?? '';
  }

  beat(state, text) {
    const mark = byId('heartbeat');
    mark.dataset.state = state;
    mark.textContent = text;
    mark.classList.remove('beat');
    if (state === 'live') requestAnimationFrame(() => mark.classList.add('beat'));
  }
}
