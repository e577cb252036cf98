import { createInterface } from 'node:readline/promises';

/** What a person said to a question; `left` by Ctrl-C or Ctrl-D; `nobody` where no person can be asked. */
export type Answer =
  | { readonly kind: 'said'; readonly text: string }
  | { readonly kind: 'left' }
  | { readonly kind: 'nobody' };

/** Where progress is shown and questions are put. */
export interface Terminal {
  /** A line that stays. */
  say(line: string): void;
  /** A line that the next one replaces; not on a terminal, where lines stay, it is said every few seconds only. */
  show(line: string): void;
  /** Asks a person, until `interrupted` aborts. */
  ask(question: string, interrupted: AbortSignal): Promise<Answer>;
}

/** Standard input and output, or what stands for them. */
export interface TerminalStreams {
  readonly stdin: NodeJS.ReadableStream & { readonly isTTY?: boolean };
  readonly stdout: NodeJS.WritableStream & {
    readonly isTTY?: boolean;
    /** 0 where the terminal does not know. */
    readonly columns?: number;
  };
}

/** Between two lines of progress where lines stay, ms. */
const SAY_EVERY_MS = 5_000;

/** Standard output: one line drawn over and over on a terminal, a line every few seconds elsewhere. */
export function openTerminal(
  monotonicMs: () => number,
  { stdin, stdout }: TerminalStreams = process,
): Terminal {
  let isDrawn = false;
  let saidMs = -Infinity;
  const say = (line: string): void => {
    stdout.write(`${isDrawn ? '\r\u001b[K' : ''}${line}\n`);
    isDrawn = false;
  };
  return {
    say,
    show: (line) => {
      if (stdout.isTTY === true) {
        stdout.write(`\r\u001b[K${fitted(line, stdout.columns ?? 0)}`);
        isDrawn = true;
        return;
      }
      if (monotonicMs() - saidMs < SAY_EVERY_MS) return;
      saidMs = monotonicMs();
      say(line);
    },
    ask: (question, interrupted) => ask({ stdin, stdout }, question, interrupted),
  };
}

async function ask(
  { stdin, stdout }: TerminalStreams,
  question: string,
  interrupted: AbortSignal,
): Promise<Answer> {
  if (stdin.isTTY !== true) return { kind: 'nobody' };
  const person = createInterface({ input: stdin, output: stdout });
  // A terminal that is closed answers no question: without this the process would end in silence.
  const gone = new Promise<Answer>((resolve) => {
    person.once('close', () => {
      resolve({ kind: 'left' });
    });
  });
  const said = person.question(question, { signal: interrupted }).then(
    (text): Answer => ({ kind: 'said', text }),
    (): Answer => ({ kind: 'left' }),
  );
  try {
    const answer = await Promise.race([said, gone]);
    if (answer.kind === 'left') stdout.write('\n');
    return answer;
  } finally {
    person.close();
  }
}

function fitted(line: string, columns: number): string {
  return columns > 0 ? line.slice(0, columns - 1) : line;
}
