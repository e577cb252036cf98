import { CandlestickSeries, createChart, HistogramSeries } from './lightweight-charts.js';
import { colour } from './elements.js';
import { words } from './words.js';

const TICK_KINDS_OF_DAYS = 3;
/** Width of a slot at first, CSS pixels. */
const FIRST_SLOT_PX = 6;

/** The drawing: candles above, volume below. `onView` hears of every move of what is shown, `onHover` of the instant under the pointer. */
export class SeriesChart {
  constructor(place, { onView, onHover }) {
    this.chart = createChart(place, options());
    this.candles = this.chart.addSeries(CandlestickSeries, candleColours());
    this.volume = this.chart.addSeries(HistogramSeries, {
      ...{ priceScaleId: 'volume', priceFormat: { type: 'volume' } },
      ...{ lastValueVisible: false, priceLineVisible: false },
    });
    this.chart.priceScale('volume').applyOptions({ scaleMargins: { top: 0.82, bottom: 0 } });
    this.candles.priceScale().applyOptions({ scaleMargins: { top: 0.1, bottom: 0.22 } });
    this.chart.timeScale().subscribeVisibleLogicalRangeChange((range) => onView(range));
    this.chart
      .timeScale()
      .subscribeSizeChange(() => onView(this.chart.timeScale().getVisibleLogicalRange()));
    this.chart.subscribeCrosshairMove(({ time }) =>
      onHover(time === undefined ? undefined : time * 1_000),
    );
    matchMedia('(prefers-color-scheme: light)').addEventListener('change', () => this.repaint());
  }

  /** Shows another series, from its newest slot back. */
  show(data) {
    this.isWithin = isWithinDays(data.timeframe);
    this.chart.applyOptions({
      timeScale: { secondsVisible: data.timeframe === '1s', timeVisible: this.isWithin },
    });
    this.candles.applyOptions({ priceFormat: priceFormat(data) });
    this.fill(data);
    const { length } = data.slots;
    this.chart
      .timeScale()
      .setVisibleLogicalRange({ from: length - this.plotWidth / FIRST_SLOT_PX, to: length + 4 });
  }

  /** Draws the same series anew, `added` slots longer at its beginning, without moving what is seen. */
  extend(data, added) {
    const range = this.chart.timeScale().getVisibleLogicalRange();
    this.fill(data);
    if (range === null) return;
    this.chart
      .timeScale()
      .setVisibleLogicalRange({ from: range.from + added, to: range.to + added });
  }

  /** Draws what changed from `fromMs` on. The library wants to be told which points it has already, and is not at the newest of. */
  update(data, fromMs) {
    for (const slot of data.slots.filter(({ openMs }) => openMs >= fromMs)) {
      const isOlder = slot.openMs < this.newestMs;
      this.candles.update(candlePoint(slot, data), isOlder);
      this.volume.update(volumePoint(slot), isOlder);
      if (!isOlder) this.newestMs = slot.openMs;
    }
  }

  /** Where a slot's middle is, CSS pixels from the chart's left; null when it is not shown. */
  placeOf(index) {
    return this.chart.timeScale().logicalToCoordinate(index);
  }

  /** CSS pixels. */
  get plotWidth() {
    return this.chart.timeScale().width();
  }

  fill(data) {
    this.data = data;
    this.newestMs = data.newest?.openMs ?? 0;
    this.candles.setData(data.slots.map((slot) => candlePoint(slot, data)));
    this.volume.setData(data.slots.map(volumePoint));
  }

  repaint() {
    this.chart.applyOptions(options());
    this.candles.applyOptions(candleColours());
    if (this.data !== undefined) this.fill(this.data);
  }
}

/** The newest slot forms until it is final: hollow, in amber. */
export function isForming(slot, data) {
  return !slot.isFinal && slot === data.newest;
}

function candlePoint(slot, data) {
  const time = slot.openMs / 1_000;
  if (slot.isEmpty) return { time };
  const { open, high, low, close } = slot;
  if (!isForming(slot, data)) return { time, open, high, low, close };
  const amber = colour('amber');
  return {
    time,
    open,
    high,
    low,
    close,
    color: `${amber}38`,
    borderColor: amber,
    wickColor: amber,
  };
}

function volumePoint({ openMs, isEmpty, open, close, volume }) {
  const time = openMs / 1_000;
  if (isEmpty) return { time };
  return { time, value: volume, color: `${colour(close < open ? 'falling' : 'rising')}55` };
}

function candleColours() {
  const [rising, falling] = [colour('rising'), colour('falling')];
  return {
    ...{ upColor: rising, borderUpColor: rising, wickUpColor: rising },
    ...{ downColor: falling, borderDownColor: falling, wickDownColor: falling },
  };
}

function options() {
  const line = { color: colour('line') };
  return {
    autoSize: true,
    layout: {
      // The logo would bring a style of its own; the page's foot says whose charts these are.
      ...{
        attributionLogo: false,
        background: { color: 'transparent' },
        textColor: colour('quiet'),
      },
      fontFamily: getComputedStyle(document.body).fontFamily,
    },
    grid: { vertLines: line, horzLines: line },
    rightPriceScale: { borderColor: colour('line') },
    timeScale: {
      borderColor: colour('line'),
      rightOffset: 4,
      minBarSpacing: 0.5,
      tickMarkFormatter,
    },
    localization: { timeFormatter: (time) => words.moment(time * 1_000) },
    crosshair: { mode: 0 },
  };
}

/** Kinds above two are times of a day. */
function tickMarkFormatter(time, kind) {
  if (kind >= TICK_KINDS_OF_DAYS) return words.minute(time * 1_000);
  const style = [{ year: 'numeric' }, { month: 'short' }, { day: 'numeric', month: 'short' }][kind];
  return new Intl.DateTimeFormat(undefined, style).format(time * 1_000);
}

/** As many digits as the newest prices have. */
function priceFormat({ slots }) {
  const prices = slots
    .slice(-50)
    .flatMap(({ isEmpty, open, close }) => (isEmpty ? [] : [open, close]));
  const digits = Math.max(0, ...prices.map((price) => (String(price).split('.')[1] ?? '').length));
  return {
    type: 'custom',
    minMove: 10 ** -digits,
    formatter: (price) => words.price(Number(price.toFixed(digits))),
  };
}

function isWithinDays(timeframe) {
  return timeframe.endsWith('s') || timeframe.endsWith('m');
}
