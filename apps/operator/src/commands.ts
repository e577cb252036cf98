import { type CommandLine, findFlag } from './command-line';
import { EXIT } from './exit-code';
import type { CommandParts } from './follow';
import { GatewayApi, type Task, type Tasks } from './gateway-api';
import { purge } from './purge';
import { type Report, reportBackfill, reportVerification } from './report';
import { cancelTask, runTask, type TaskParts } from './run-task';
import { GATEWAY_URL } from './usage';

/** Runs a command; resolves with the exit code. */
export async function runCommand(line: CommandLine, parts: CommandParts): Promise<number> {
  const url = findFlag(line, 'gateway') ?? GATEWAY_URL;
  const own = { ...parts, api: new GatewayApi(url, parts.interrupted, undefined, parts.key) };
  switch (line.command) {
    case 'backfill':
      return await work(line, { tasks: 'backfills', report: reportBackfill }, own);
    case 'verify':
      return await work(line, { tasks: 'verifications', report: reportVerification }, own);
    case 'purge':
      return await purge(line, own);
  }
}

interface Work {
  readonly tasks: Tasks;
  readonly report: (task: Task) => Report;
}

async function work(line: CommandLine, { tasks, report }: Work, parts: TaskParts): Promise<number> {
  const id = findFlag(line, 'cancel');
  if (id !== undefined) return await cancelTask(tasks, id, parts);
  const task = await runTask(line, tasks, parts);
  if (task === undefined) return EXIT.left;
  const { lines, code } = report(task);
  for (const said of lines) parts.terminal.say(said);
  return code;
}
