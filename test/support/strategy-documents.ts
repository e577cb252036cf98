import { readFileSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';

const fixtures = path.resolve(__dirname, '..', '..', 'libs', 'strategies', 'fixtures');
const document = z.record(z.string(), z.unknown());

/** A strategy of four rules over five timeframes, as its trader wrote it. */
export const demoStrategy = read('demo_7rule_btc.json');
/** Four periods of one daily series: the flat form. */
export const dailyStrategy = read('daily_btc.json');

function read(file: string) {
  return document.parse(JSON.parse(readFileSync(path.join(fixtures, file), 'utf8')));
}
