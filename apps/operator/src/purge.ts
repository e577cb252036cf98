import { type CommandLine, requireFlag } from './command-line';
import { EXIT } from './exit-code';
import type { GatewayApi } from './gateway-api';
import { counted } from './quantities';
import type { TaskParts } from './run-task';

/** Removes all stored candles of a market once that is confirmed; resolves with the exit code. */
export async function purge(line: CommandLine, parts: TaskParts): Promise<number> {
  const { api, terminal } = parts;
  const market = requireFlag(line, 'market');
  if (!line.flags.has('yes')) {
    const code = await confirm(market, parts);
    if (code !== EXIT.done) return code;
  }
  const { rows, series } = await api.purge(market);
  if (rows === 0) {
    terminal.say(`nothing of ${market} is stored`);
    return EXIT.notDone;
  }
  const timeframes = series.filter((purged) => purged.rows > 0).length;
  const removed = `${counted(rows, 'row')} of ${market} in ${counted(timeframes, 'timeframe')}`;
  terminal.say(`${removed} ${rows === 1 ? 'was' : 'were'} removed`);
  return EXIT.done;
}

async function confirm(market: string, { api, terminal, interrupted }: TaskParts): Promise<number> {
  const what = `All stored candles of ${market} will be removed, in every timeframe`;
  const question = `${what}${await inCache(market, api)}. Type the market to go on: `;
  const answer = await terminal.ask(question, interrupted);
  if (answer.kind === 'said' && answer.text.trim().toUpperCase() === market) return EXIT.done;
  const reasons = {
    said: `: the answer was not ${market}`,
    left: '',
    nobody: ': nobody can be asked here, so confirm with --yes',
  };
  terminal.say(`nothing was removed${reasons[answer.kind]}`);
  return answer.kind === 'left' ? EXIT.left : EXIT.notDone;
}

/** Nobody tells what the store holds without removing it, and that is more. */
async function inCache(market: string, api: GatewayApi): Promise<string> {
  const series = await api.cached(market);
  if (series.length === 0) return '';
  const rows = series.reduce((sum, cached) => sum + cached.rows, 0);
  return ` (the cache alone holds ${counted(rows, 'row')} in ${counted(series.length, 'timeframe')})`;
}
