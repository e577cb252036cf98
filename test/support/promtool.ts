import { spawn } from 'node:child_process';
import { z } from 'zod';

const program = z.object({ TEST_PROMTOOL: z.string().min(1).default('/usr/bin/promtool') }).loose();

/** How promtool judged. */
export interface Verdict {
  readonly code: number | null;
  /** All that it said. */
  readonly said: string;
}

/** Prometheus' own checker, `input` on its standard input. Rejects with a message that says how to get one when there is none. */
export async function promtool(args: readonly string[], input = ''): Promise<Verdict> {
  const { TEST_PROMTOOL: file } = program.parse(process.env);
  const child = spawn(file, args, { stdio: ['pipe', 'pipe', 'pipe'] });
  let said = '';
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => (said += text));
  // One that has seen enough reads no further.
  child.stdin.on('error', () => undefined).end(input);
  return await new Promise((resolve, reject) => {
    child.on('error', () => {
      reject(
        new Error(
          `There is no promtool at ${file}: run the tests with \`npm test\`, which finds or fetches one, or install it ("apt-get install prometheus").`,
        ),
      );
    });
    child.on('close', (code) => {
      resolve({ code, said });
    });
  });
}
