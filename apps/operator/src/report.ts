import { EXIT } from './exit-code';
import type { Task } from './gateway-api';
import { counted } from './quantities';

/** What is said about a task that has ended. */
export interface Report {
  readonly lines: readonly string[];
  /** The exit code. */
  readonly code: number;
}

export function reportBackfill(task: Task): Report {
  const { state, rows, pages, calls } = task;
  const code = state === 'done' ? EXIT.done : EXIT.notDone;
  if (state === 'done' && pages === 0) {
    return { lines: ['done: all of it was known already'], code };
  }
  const cost = `${counted(rows, 'row')} in ${counted(pages, 'page')}, ${counted(calls, 'call')}`;
  const isEmpty = state === 'done' && rows === 0;
  const meaning = isEmpty ? '; where something was unknown the exchange has no candle' : '';
  return { lines: [`${ending(task)}: ${cost}${meaning}`], code };
}

export function reportVerification(task: Task): Report {
  const { compared, calls, added, missing, surplus, different, differences } = task;
  const found = missing + surplus + different;
  const listed = differences.map(({ open, kind }) => `  ${open} ${kind}`);
  const rest = found - differences.length;
  const counts = [
    `${counted(compared, 'row')} compared`,
    `${counted(found, 'difference')} (${missing} missing, ${surplus} surplus, ${different} different)`,
    `${counted(added, 'row')} not stored before`,
    counted(calls, 'call'),
  ];
  const { code, verdict } = judge(task, found);
  return {
    lines: [
      ...listed,
      ...(rest > 0 ? [`  … and ${rest} more`] : []),
      `${ending(task)}: ${counts.join(', ')}`,
      ...(verdict === undefined ? [] : [`verdict: ${verdict}`]),
    ],
    code,
  };
}

const VERDICTS: ReadonlyMap<string | undefined, string> = new Map([
  ['equal', "every stored candle is the exchange's own"],
  ['repaired', "the stored candles differed and are now the exchange's own"],
  ['contradicted', 'the exchange denies candles that are stored; see the log of the workers'],
]);

function judge(task: Task, found: number): { code: number; verdict?: string } {
  const { state, verdict, compared, added } = task;
  if (state !== 'done') return { code: EXIT.notDone };
  if (compared === 0 && found === 0) {
    const now = `${counted(added, 'row')} ${added === 1 ? 'is' : 'are'} stored now`;
    const nothing = `nothing was stored there, so nothing was compared (${now})`;
    return { code: EXIT.nothingCompared, verdict: nothing };
  }
  return {
    code: found === 0 ? EXIT.done : EXIT.notDone,
    verdict: VERDICTS.get(verdict) ?? `"${verdict ?? ''}", which this version does not know`,
  };
}

function ending({ state, reason }: Task): string {
  return state === 'failed' ? `failed, ${reason ?? 'see the log of the workers'}` : state;
}
