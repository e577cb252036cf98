import { HISTORY_CONCURRENCY } from '@candlekeep/jobs';
import { MAX_RUNNING_TASKS } from './history-limits';

it('leaves a place for what is no task, even with all tasks on one worker', () => {
  expect({ tasks: MAX_RUNNING_TASKS, places: HISTORY_CONCURRENCY }).toEqual({
    tasks: 20,
    places: 24,
  });
  expect(HISTORY_CONCURRENCY - MAX_RUNNING_TASKS).toBeGreaterThanOrEqual(2);
});
