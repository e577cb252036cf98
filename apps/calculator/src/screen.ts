import { lineOf, tableOf } from './table';
import type { Snapshot } from './variables/snapshot';

/** Where tables are drawn. */
export interface Screen {
  /** Shows what is true now. */
  show(snapshot: Snapshot): void;
  /** Says that something is wrong meanwhile; what comes next takes it away. */
  warn(message: string): void;
}

/** Standard output and error, or what stands for them. */
export interface ScreenStreams {
  readonly stdout: NodeJS.WritableStream & {
    readonly isTTY?: boolean;
    /** 0 where the terminal does not know. */
    readonly columns?: number;
    readonly rows?: number;
  };
  readonly stderr: NodeJS.WritableStream;
}

/** A table that is drawn over itself on a terminal; a line for each change elsewhere. */
export function openScreen(streams: ScreenStreams = process): Screen {
  return streams.stdout.isTTY === true ? new DrawnScreen(streams.stdout) : printed(streams);
}

class DrawnScreen implements Screen {
  private table: readonly string[] = [];
  private drawn = 0;

  constructor(private readonly stdout: ScreenStreams['stdout']) {}

  show(snapshot: Snapshot): void {
    this.table = tableOf(snapshot);
    this.draw(this.table);
  }

  warn(message: string): void {
    this.draw([...this.table, `! ${message}`]);
  }

  /** A line that wraps, or a table that scrolls, could not be drawn over: both are cut to what the terminal holds. */
  private draw(lines: readonly string[]): void {
    const [columns, rows] = [this.stdout.columns ?? 0, this.stdout.rows ?? 0];
    const fitting = (rows > 1 ? lines.slice(0, rows - 1) : lines).map((line) =>
      columns > 1 ? line.slice(0, columns - 1) : line,
    );
    const back = this.drawn === 0 ? '' : `\u001b[${this.drawn}A`;
    this.stdout.write(`${back}\r\u001b[J${fitting.join('\n')}\n`);
    this.drawn = fitting.length;
  }
}

function printed({ stdout, stderr }: ScreenStreams): Screen {
  return {
    show: (snapshot) => {
      stdout.write(`${lineOf(snapshot)}\n`);
    },
    warn: (message) => {
      stderr.write(`${message}\n`);
    },
  };
}
