import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { StrategyRefused } from '../strategy-refused';
import { readStrategyFolder } from './strategy-folder';

const FIXTURES = path.join(__dirname, '../../fixtures');

describe('a folder of strategies', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'strategies-'));
  });
  afterEach(async () => {
    await rm(folder, { recursive: true });
  });
  const write = (file: string, content: string) => writeFile(path.join(folder, file), content);
  const flat = (more: object = {}) =>
    JSON.stringify({ symbol: 'KRW-BTC', timeframe: '1d', RSI_period: 14, ...more });

  it('is read by name; a document that does not name itself has its file’s name', async () => {
    const read = await readStrategyFolder(FIXTURES);
    expect(read.map(({ file, strategy }) => [file, strategy.id])).toEqual([
      ['daily_btc.json', 'daily_btc'],
      ['demo_7rule_btc.json', 'demo_7rule_btc'],
    ]);
    expect(read[0]?.document).toMatchObject({ symbol: 'KRW-BTC', ATR_period: 20 });
  });

  it('may hold other files, and marks before the text', async () => {
    await write('README.md', 'none');
    await write('a.json', `\uFEFF${flat()}`);
    expect((await readStrategyFolder(folder)).map(({ file }) => file)).toEqual(['a.json']);
  });

  it('is refused with everything that is wrong in every file', async () => {
    await write('a.json', flat());
    await write('b.json', '{ "symbol": ');
    await write('c.json', flat({ RSI_period: 1, timeframe: '2m' }));
    await write('d.json', flat({ strategyId: 'a' }));
    await write('e.json', flat().padEnd(300_000));
    await write('f g.json', flat());
    await mkdir(path.join(folder, 'h.json'));
    const refused: unknown = await readStrategyFolder(folder).catch((error: unknown) => error);
    if (!(refused instanceof StrategyRefused)) throw refused;
    expect(refused.message).toContain(`the folder ${folder} is refused: b.json: document`);
    const right = [
      [/^b.json: document$/, /^expected JSON: /],
      [/^c.json: RSI_period$/, /^expected a whole number from 2 to 240; 1 is none$/],
      [/^c.json: timeframe$/, /^expected one of 1s, 1m,/],
      [/^e.json: document$/, /^expected at most 262144 bytes; it has 300000$/],
      [/^f g.json: id$/, /"f g" is none$/],
      [/^h.json: document$/, /^expected a readable file/],
      [/^d.json: strategyId$/, /^expected another name than "a", which a.json has$/],
    ] as const;
    expect(refused.problems).toHaveLength(right.length);
    for (const [i, [field, expected]] of right.entries()) {
      expect(refused.problems[i]?.field).toMatch(field);
      expect(refused.problems[i]?.expected).toMatch(expected);
    }
  });

  it('that is not there is an error of its own', async () => {
    const missing = readStrategyFolder(path.join(folder, 'none'));
    await expect(missing).rejects.toThrow(
      /no such file or directory.*Set STRATEGIES_DIR to a folder/,
    );
  });
});
