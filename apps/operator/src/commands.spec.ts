import { setMaxListeners } from 'node:events';
import type { ServerResponse } from 'node:http';
import { type Clock, ManualClock, SystemClock } from '@candlekeep/clock';
import { NotedTerminal } from '../testing/noted-terminal';
import { type Asked, sendJson, SmallServer } from '../testing/small-server';
import { taskOf } from '../testing/tasks';
import { parseCommandLine } from './command-line';
import { runCommand } from './commands';
import type { Answer } from './terminal';

describe('a command', () => {
  let server: SmallServer;
  afterEach(async () => {
    await server.stop();
  });

  interface Scene {
    readonly args: readonly string[];
    readonly answer: (response: ServerResponse, asked: Asked) => void;
    readonly person?: Answer;
    readonly interrupted?: AbortSignal;
    readonly clock?: Clock;
  }
  const run = async (scene: Scene) => {
    const { args, answer, person, clock = new SystemClock() } = scene;
    const { interrupted = new AbortController().signal } = scene;
    // A manual clock keeps its ear on every sleep that is over.
    setMaxListeners(0, interrupted);
    server = new SmallServer(answer);
    const line = parseCommandLine([...args, '--gateway', await server.start()]);
    if (line.command === 'help') throw new Error('help was understood');
    const terminal = new NotedTerminal(person);
    const code = await runCommand(line, { terminal, clock, interrupted });
    return { code, said: terminal.said, questions: terminal.questions };
  };
  const askedFor = () => server.asked.map(({ line }) => line);

  describe('purge', () => {
    const cache = [
      { market: 'KRW-BTC', timeframe: '1m', rows: 200 },
      { market: 'KRW-BTC', timeframe: '1h', rows: 1 },
      { market: 'KRW-ETH', timeframe: '1m', rows: 9 },
    ];
    const series = [
      { timeframe: '1m', rows: 7 },
      { timeframe: '1h', rows: 0 },
    ];
    const holding =
      (rows: number) =>
      (response: ServerResponse, { line }: Asked) => {
        const purged = { rows, series: rows === 0 ? [] : series };
        sendJson(response, 200, line.startsWith('DELETE') ? purged : cache);
      };
    const args = ['purge', '--market', 'KRW-BTC'];

    it('asks a person first, and says what is known to be there', async () => {
      const person = { kind: 'said', text: ' krw-btc ' } as const;
      const { code, said, questions } = await run({ args, answer: holding(7), person });
      expect(questions).toEqual([
        'All stored candles of KRW-BTC will be removed, in every timeframe (the cache alone holds 201 rows in 2 timeframes). Type the market to go on: ',
      ]);
      expect({ code, said }).toEqual({
        code: 0,
        said: ['7 rows of KRW-BTC in 1 timeframe were removed'],
      });
    });

    it.each([
      [{ kind: 'said', text: 'no' }, 1, 'nothing was removed: the answer was not KRW-BTC'],
      [{ kind: 'left' }, 130, 'nothing was removed'],
      [
        { kind: 'nobody' },
        ...[1, 'nothing was removed: nobody can be asked here, so confirm with --yes'],
      ],
    ] as const)('removes nothing on %j', async (person, code, told) => {
      const seen = await run({ args, answer: holding(7), person });
      expect(seen).toMatchObject({ code, said: [told] });
      expect(askedFor()).toEqual(['GET /api/cache']);
    });

    it('says so when nothing is there', async () => {
      const seen = await run({ args: [...args, '--yes'], answer: holding(0) });
      expect(seen).toMatchObject({ code: 1, said: ['nothing of KRW-BTC is stored'] });
      expect(askedFor()).toEqual(['DELETE /api/candles?market=KRW-BTC']);
    });
  });

  describe('--cancel', () => {
    const args = ['backfill', '--cancel', 'id-1'];

    it('ends a task that runs', async () => {
      const { code, said } = await run({
        args,
        answer: (response, { line }) => {
          const state = line.startsWith('DELETE') ? 'cancelled' : 'running';
          sendJson(response, 200, taskOf({ state, rows: 1 }));
        },
      });
      expect({ code, said }).toEqual({
        code: 0,
        said: ['id-1 is cancelled; what it brought stays, 1 row'],
      });
    });

    it.each(['done', 'cancelled'] as const)(
      'says so when it had ended already: %s',
      async (state) => {
        const task = taskOf({ state, rows: 400 });
        const { code, said } = await run({
          args,
          answer: (response) => {
            sendJson(response, 200, task);
          },
        });
        expect({ code, said }).toEqual({
          code: 0,
          said: [`id-1 had ended already (${state}); what it brought stays, 400 rows`],
        });
      },
    );
  });

  describe('backfill', () => {
    const args = ['backfill', '--market', 'KRW-BTC', '--from', '2026-01-01'];

    it('opens a task, follows it and reports', async () => {
      const { code, said } = await run({
        args,
        answer: (response, { line }) => {
          const isOpened = line.startsWith('POST');
          sendJson(
            response,
            isOpened ? 202 : 200,
            taskOf({ state: isOpened ? 'running' : 'done' }),
          );
        },
      });
      expect({ code, said }).toEqual({
        code: 0,
        said: [
          'backfill of KRW-BTC 1m, 2026-01-01T00:00:00.000Z to 2026-01-11T00:00:00.000Z: opened as id-1',
          'done: all of it was known already',
        ],
      });
    });

    it('leaves its task running when the person leaves during a look', async () => {
      const left = new AbortController();
      const { code, said } = await run({
        args,
        interrupted: left.signal,
        answer: (response, { line }) => {
          if (line.startsWith('POST')) sendJson(response, 200, taskOf());
          else left.abort();
        },
      });
      expect(code).toBe(130);
      expect(said.at(-1)).toBe(
        'left running; the same command shows it again, --cancel id-1 ends it',
      );
    });

    it('that loses its gateway says that the task goes on, and as what', async () => {
      const clock = new ManualClock();
      const running = run({
        args,
        clock,
        answer: (response, { line }) => {
          if (line.startsWith('POST')) sendJson(response, 200, taskOf());
          else sendJson(response, 503, { detail: 'a part is away' });
        },
      });
      const ended = running.then(
        () => 'ended',
        (error: unknown) => String(error),
      );
      let outcome: string | undefined;
      void ended.then((seen) => (outcome = seen));
      while (outcome === undefined) await clock.advance(500);
      expect(outcome).toMatch(
        /^GatewayRefused: the gateway at \S+ says: a part is away\nthe backfill goes on without it as id-1; the same command/,
      );
    });
  });
});
