import { colour, sharpCanvas } from './elements.js';

/** Points kept: four minutes at one each 2 s. Fewer fill the width until then, but not fewer than these. */
const KEPT = 120;
const LEAST = 30;

/** How fast a counter rises, as a line that grows while the page is open. */
export class RateSpark {
  rates = [];
  last;

  constructor(canvas, tint) {
    this.canvas = canvas;
    this.tint = tint;
  }

  /** Takes the counter as of `atMs`, and returns how fast it rises now; one that fell (a new day) begins anew. */
  take(count, atMs) {
    const { last } = this;
    if (last !== undefined && atMs > last.atMs) {
      const rate = Math.max(0, count - last.count) / ((atMs - last.atMs) / 1_000);
      this.rates = [...this.rates, rate].slice(-KEPT);
    }
    this.last = { count, atMs };
    return this.rates.at(-1);
  }

  draw() {
    const { pen, width, height } = sharpCanvas(this.canvas);
    const { rates } = this;
    if (rates.length < 2) return;
    const top = Math.max(...rates, 0.1);
    const shown = Math.max(rates.length, LEAST);
    const x = (index) => width - ((rates.length - 1 - index) / (shown - 1)) * width;
    const y = (rate) => height - 2 - (rate / top) * (height - 4);
    pen.beginPath();
    rates.forEach((rate, index) => pen.lineTo(x(index), y(rate)));
    pen.strokeStyle = colour(this.tint);
    pen.lineWidth = 1.5;
    pen.stroke();
    pen.lineTo(x(rates.length - 1), height);
    pen.lineTo(x(0), height);
    pen.globalAlpha = 0.14;
    pen.fillStyle = colour(this.tint);
    pen.fill();
  }
}
