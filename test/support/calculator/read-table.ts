/** A table of the calculator, read back. */
export interface TableSeen {
  readonly head: string;
  readonly asOfMs: number;
  /** By title: what stands behind it. */
  readonly texts: ReadonlyMap<string, string>;
}

/** Reads what `--once` prints. */
export function readTable(stdout: string): TableSeen {
  const [head = '', ...lines] = stdout.trimEnd().split('\n');
  const [, asOf = ''] = /as of (\S+)/.exec(head) ?? [];
  const texts = lines.map((line): [string, string] => {
    const [, title = '', text = ''] = /^ {2}(.*?) {2,}(.*)$/.exec(line) ?? [];
    return [title, text];
  });
  return { head, asOfMs: Date.parse(asOf), texts: new Map(texts) };
}

/** The numbers of a text such as `macd 6.9  signal 7  histogram -0.1`. */
export function numbersOf(text: string | undefined): readonly number[] {
  return [...(text ?? '').matchAll(/(?:^|\s)(-?\d+(?:\.\d+)?)(?=\s|$)/g)].map(([, digits]) =>
    Number(digits),
  );
}
