import type fc from 'fast-check';
import type { Run } from './run';

/** What fast-check sees of a run while it chooses: nothing else, so that a move is possible or not in every replay alike. */
export interface Board {
  readonly run: Run;
}

/** A move of the test, as fast-check runs, prints and shrinks it. */
export class Move implements fc.AsyncCommand<Board, Run> {
  constructor(
    private readonly words: string,
    private readonly work: (run: Run) => Promise<void> | void,
    private readonly isPossible: (run: Run) => boolean = () => true,
  ) {}

  check({ run }: Readonly<Board>): boolean {
    return this.isPossible(run);
  }

  async run(_board: Board, run: Run): Promise<void> {
    await run.act(async () => {
      await this.work(run);
    });
  }

  toString(): string {
    return this.words;
  }
}
