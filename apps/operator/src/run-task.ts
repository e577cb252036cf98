import { type CommandLine, findFlag, requireFlag } from './command-line';
import { EXIT } from './exit-code';
import { type CommandParts, follow } from './follow';
import type { GatewayApi, Task, Tasks, TaskWish } from './gateway-api';
import { GatewayRefused } from './gateway-refused';
import { counted } from './quantities';
import { idleness } from './watch';

export interface TaskParts extends CommandParts {
  readonly api: GatewayApi;
}

/** Opens (or finds) a task and follows it; resolves with it once it has ended, or with undefined when the person has left. */
export async function runTask(
  line: CommandLine,
  tasks: Tasks,
  parts: TaskParts,
): Promise<Task | undefined> {
  const { api, terminal } = parts;
  const { task, isNew } = await api.open(tasks, wishOf(line));
  const { kind, id, market, timeframe, from, to } = task;
  const way = isNew ? 'opened' : 'goes on';
  terminal.say(`${kind} of ${market} ${timeframe}, ${from} to ${to}: ${way} as ${id}`);
  const look = () => api.get(tasks, id);
  const watch = await follow(task, { ...parts, url: api.url, look }).catch((error: unknown) => {
    throw withWhatGoesOn(error, task);
  });
  if (watch.latest.task.state !== 'running') return watch.latest.task;
  const idle = idleness(watch);
  if (idle !== undefined) terminal.say(idle);
  terminal.say(`left running; the same command shows it again, --cancel ${id} ends it`);
  return undefined;
}

/** Cancels a task; resolves with the exit code. */
export async function cancelTask(tasks: Tasks, id: string, parts: TaskParts): Promise<number> {
  const { api, terminal } = parts;
  const wasRunning = (await api.get(tasks, id)).state === 'running';
  const { state, kind, rows } = await api.cancel(tasks, id);
  const stays =
    kind === 'backfill' ? `what it brought stays, ${counted(rows, 'row')}` : 'what it mended stays';
  const ending =
    wasRunning && state === 'cancelled' ? `is ${state}` : `had ended already (${state})`;
  terminal.say(`${id} ${ending}; ${stays}`);
  return EXIT.done;
}

function wishOf(line: CommandLine): TaskWish {
  const to = findFlag(line, 'to');
  return {
    market: requireFlag(line, 'market'),
    timeframe: findFlag(line, 'timeframe') ?? '1m',
    from: requireFlag(line, 'from'),
    ...(to === undefined ? {} : { to }),
  };
}

/** Without a gateway there is nothing to see; the workers do not need it. */
function withWhatGoesOn(error: unknown, { kind, id }: Task): unknown {
  if (!(error instanceof GatewayRefused) || error.isFinal) return error;
  const message = `${error.message}\nthe ${kind} goes on without it as ${id}; the same command shows it again`;
  return new GatewayRefused(message, { cause: error });
}
