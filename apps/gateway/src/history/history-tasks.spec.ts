import type { HistoryRequest, HistoryTask } from '@candlekeep/history';
import { MAX_RUNNING_TASKS } from '@candlekeep/history';
import { silentLogger } from '@candlekeep/telemetry';
import { HistoryTasks } from './history-tasks';

const NOW = Date.parse('2026-03-10T12:34:56Z');
const none = { pages: 0, calls: 0, rows: 0, missing: 0, surplus: 0, different: 0 };

function taskOf(id: string, request: HistoryRequest): HistoryTask {
  return {
    ...{ ...request, id, state: 'running', cursorMs: request.range.untilMs, failures: 0 },
    ...{ counts: { ...none, compared: 0, added: 0 }, differences: [] },
    ...{ createdMs: NOW, updatedMs: NOW },
  };
}

describe('a gateway with as many history tasks as may run', () => {
  const open = (timeframe: string) => {
    const ids = Array.from({ length: MAX_RUNNING_TASKS }, (_, i) => `task-${i}`);
    const isRunning = ({ series }: HistoryRequest) => series.timeframe.code === '1m';
    const tasks = new HistoryTasks({
      book: {
        findRunning: (request) =>
          Promise.resolve(isRunning(request) ? taskOf('task-7', request) : undefined),
        listRunning: () => Promise.resolve(ids),
        open: (request) => Promise.resolve({ task: taskOf('new', request), isNew: true }),
        find: () => Promise.resolve(undefined),
        list: () => Promise.resolve([]),
        cancel: () => Promise.resolve(undefined),
      },
      queue: { add: () => Promise.resolve(true) },
      directory: { mayExist: () => Promise.resolve(true) },
      nowMs: () => Promise.resolve(NOW),
      log: silentLogger,
    });
    return tasks.open('backfill', { market: 'KRW-BTC', timeframe, from: '2026-03-01' });
  };

  it('shows the running one to whoever asks for the same', async () => {
    expect(await open('1m')).toMatchObject({ task: { id: 'task-7' }, isNew: false });
  });

  it('refuses another one', async () => {
    await expect(open('3m')).rejects.toMatchObject({ status: 409 });
  });
});
