import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { z } from 'zod';
import { schema as simulatorSchema } from '../../apps/exchange-simulator/src/env';
import { readEnv as readGatewayEnv } from '../../apps/gateway/src/env';
import { readEnv as readLiveEnv } from '../../apps/live/src/env';
import { schema as standaloneSchema } from '../../apps/standalone/src/env';
import { readEnv as readWorkerEnv } from '../../apps/worker/src/env';
import { shapeReadBy, showShape } from '../support/documentation/app-settings';
import {
  type AppSettings,
  readTable,
  rowsOf,
  type TableWords,
  writeTable,
} from '../support/documentation/settings-table';
import { writesReference } from '../support/documentation/writes-reference';

jest.mock('@candlekeep/lifecycle', () => ({
  ...jest.requireActual<object>('@candlekeep/lifecycle'),
  parseEnvironment: (shape: z.ZodRawShape) => showShape(shape),
}));

const ROOT = path.resolve(__dirname, '..', '..');
const english: TableWords = {
  head: ['variable', 'read by', 'default', 'effect'],
  required: 'required',
};
const korean: TableWords = { head: ['변수', '읽는 곳', '기본값', '하는 일'], required: '필수' };

// PATH is the machine's own; it is no setting of ours.
const product: readonly AppSettings[] = [
  { app: 'gateway', schema: shapeReadBy(readGatewayEnv) },
  { app: 'worker', schema: shapeReadBy(readWorkerEnv) },
  { app: 'live', schema: shapeReadBy(readLiveEnv) },
  { app: '`npm start`', schema: standaloneSchema.omit({ PATH: true }) },
];
const simulator: readonly AppSettings[] = [{ app: 'simulator', schema: simulatorSchema }];

describe.each([
  ['docs/GUIDE.md', english, 'settings', product],
  ['docs/GUIDE.md', english, 'settings: exchange-simulator', simulator],
  ['docs/GUIDE.ko.md', korean, 'settings', product],
  ['docs/GUIDE.ko.md', korean, 'settings: exchange-simulator', simulator],
])('%s', (file, words, title, apps) => {
  const place = path.join(ROOT, file);
  const documented = () => readTable(readFileSync(place, 'utf8'), title);
  const rows = () => {
    const effects = new Map(documented().map(({ name, effect }) => [name, effect]));
    return rowsOf(apps, words, effects);
  };

  if (writesReference()) {
    const page = readFileSync(place, 'utf8');
    writeFileSync(place, writeTable(page, title, { words, rows: rows() }));
  }

  it(`has every variable, its readers and its default as the processes read them (${title}; npm run reference writes them)`, () => {
    expect(documented()).toEqual(rows());
  });

  it(`says what each variable does (${title})`, () => {
    expect(documented().filter(({ effect }) => effect === '')).toEqual([]);
  });
});
